using System.Text.Encodings.Web;
using System.Text.Json;
using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.Publishing;

/// <summary>The step that writes the manifest.</summary>
internal sealed class ManifestPublisher(IOptions<PipelineOptions> options, IPipelineOutputService output, ILogger<ManifestPublisher> logger)
{
    /// <summary>The step's name in Microsoft's pipeline.</summary>
    public const string StepName = "publish-manifest";

    public async Task PublishAsync(PipelineStepContext context)
    {
        var path = ManifestPath();
        await WriteAsync(path, context);
        logger.LogInformation("Published manifest to: {ManifestPath}", path);
    }

    /// <summary>The file itself, or a folder that gets an aspire-manifest.json.</summary>
    private string ManifestPath()
    {
        var path = options.Value.OutputPath is { Length: > 0 } given ? Path.GetFullPath(given) : output.GetOutputDirectory();
        return path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? path : Path.Combine(path, "aspire-manifest.json");
    }

    /// <summary>Writes beside the file and renames: a failure leaves the old manifest as it was.</summary>
    private static async Task WriteAsync(string path, PipelineStepContext context)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = path + ".tmp";
        try
        {
            await using (var stream = File.Create(temporary))
            await using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" }))
            {
                await new ManifestPublishingContext(context.ExecutionContext, path, writer, context.CancellationToken).WriteModelAsync(context.Model);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
