using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>Runs the model: starts the engine with the AppHost and stops it with it.</summary>
internal sealed class ApplicationRunner(
    IResourceEngine engine,
    DistributedApplicationModel model,
    DistributedApplicationOptions options,
    IHostEnvironment environment,
    ILogger<DistributedApplication> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        logger.LogInformation("Distributed application starting.");
        logger.LogInformation("Application host directory is: {AppHostDirectory}", options.ProjectDirectory ?? environment.ContentRootPath);
        await engine.StartAsync(model, cancellationToken);
        logger.LogInformation("Distributed application started. Press Ctrl+C to shut down.");
    }

    public Task StopAsync(CancellationToken cancellationToken) => engine.StopAsync(cancellationToken);
}
