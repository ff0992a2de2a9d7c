using System.Text.Encodings.Web;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Publishing;

/// <summary>Writes the manifest and ends the AppHost.</summary>
internal sealed class ManifestPublisher(
    DistributedApplicationModel model,
    DistributedApplicationExecutionContext executionContext,
    IConfiguration configuration,
    IDistributedApplicationEventing eventing,
    IServiceProvider services,
    IHostApplicationLifetime lifetime,
    ILogger<ManifestPublisher> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await PublishAsync(stoppingToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            logger.LogError("Failed to publish the distributed application: {Message}", exception.Message);
            Environment.ExitCode = 1;
        }
        finally
        {
            lifetime.StopApplication();
        }
    }

    private async Task PublishAsync(CancellationToken cancellationToken)
    {
        if (executionContext.PublisherName != "manifest")
        {
            throw new DistributedApplicationException($"There is no publisher named '{executionContext.PublisherName}'. Use --publisher manifest.");
        }

        var path = ManifestPath();
        await eventing.PublishAsync(new BeforePublishEvent(services, model), cancellationToken);
        await WriteAsync(path, cancellationToken);
        await eventing.PublishAsync(new AfterPublishEvent(services, model), cancellationToken);
        logger.LogInformation("Published manifest to: {ManifestPath}", path);
    }

    /// <summary>The file itself, or a folder that gets an aspire-manifest.json.</summary>
    private string ManifestPath()
    {
        var path = configuration["Pipeline:OutputPath"]
            ?? throw new DistributedApplicationException("The '--output-path [path]' option was not specified.");
        return Path.GetFullPath(path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? path : Path.Combine(path, "aspire-manifest.json"));
    }

    /// <summary>Writes beside the file and renames: a failure leaves the old manifest as it was.</summary>
    private async Task WriteAsync(string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = path + ".tmp";
        try
        {
            await using (var stream = File.Create(temporary))
            await using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" }))
            {
                await new ManifestPublishingContext(executionContext, path, writer, cancellationToken).WriteModelAsync(model);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
