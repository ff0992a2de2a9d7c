using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Trellis.Hosting.Processes;

/// <summary>Shows the state and the log of a server's process as the server's own.</summary>
/// <param name="server">The server that everybody refers to.</param>
/// <param name="process">The process that runs.</param>
/// <param name="address">The address that the server listens on.</param>
internal sealed partial class LocalServerMirror(ContainerResource server, ExecutableResource process, string address)
{
    private readonly EndpointAnnotation[] _endpoints = [.. server.Annotations.OfType<EndpointAnnotation>()];

    /// <summary>Says where the server will be, then follows the process until the AppHost stops.</summary>
    public async Task StartAsync(InitializeResourceEvent initialize, CancellationToken cancellationToken)
    {
        foreach (var endpoint in _endpoints)
        {
            endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, address, endpoint.Port!.Value);
        }

        var model = initialize.Services.GetRequiredService<DistributedApplicationModel>();
        IResource[] databases = [.. model.Resources.OfType<IResourceWithParent>().Where(resource => resource.Parent == server)];

        await initialize.Eventing.PublishAsync(new ResourceEndpointsAllocatedEvent(server, initialize.Services), cancellationToken).ConfigureAwait(false);
        foreach (var resource in databases.Prepend(server).OfType<IResourceWithConnectionString>())
        {
            await initialize.Eventing.PublishAsync(new ConnectionStringAvailableEvent(resource, initialize.Services), cancellationToken).ConfigureAwait(false);
        }

        var stopping = initialize.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped;
        _ = MirrorStatesAsync(initialize.Notifications, databases, initialize.Logger, stopping);
        _ = MirrorLogAsync(initialize.Services.GetRequiredService<ResourceLoggerService>(), initialize.Logger, stopping);
    }

    private async Task MirrorStatesAsync(
        ResourceNotificationService notifications, IResource[] databases, ILogger logger, CancellationToken stopping)
    {
        try
        {
            await foreach (var update in notifications.WatchAsync(stopping).ConfigureAwait(false))
            {
                if (update.Resource != process)
                {
                    continue;
                }

                var seen = update.Snapshot;
                await notifications.PublishUpdateAsync(server, shown => AsSeen(shown, seen) with
                {
                    Urls = [.. _endpoints.Select(endpoint => new UrlSnapshot(endpoint.Name, endpoint.AllocatedEndpoint!.UriString, IsInternal: false))],
                }).ConfigureAwait(false);
                foreach (var database in databases)
                {
                    await notifications.PublishUpdateAsync(database, shown => AsSeen(shown, seen)).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The AppHost stops.
        }
#pragma warning disable CA1031 // Nobody awaits this task: a failure that is not logged would be seen by nobody.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogMirrorFailed(logger, exception, process.Name);
        }
    }

    private static CustomResourceSnapshot AsSeen(CustomResourceSnapshot shown, CustomResourceSnapshot seen) => shown with
    {
        State = seen.State,
        ExitCode = seen.ExitCode,
        CreationTimeStamp = seen.CreationTimeStamp,
        StartTimeStamp = seen.StartTimeStamp,
        StopTimeStamp = seen.StopTimeStamp,
    };

    private async Task MirrorLogAsync(ResourceLoggerService logs, ILogger logger, CancellationToken stopping)
    {
        try
        {
            await foreach (var lines in logs.WatchAsync(process).WithCancellation(stopping).ConfigureAwait(false))
            {
                foreach (var line in lines)
                {
                    var level = line.IsErrorMessage ? LogLevel.Error : LogLevel.Information;
                    LogLine(logger, level, Timestamp().Replace(line.Content, ""));
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The AppHost stops.
        }
#pragma warning disable CA1031 // Nobody awaits this task: a failure that is not logged would be seen by nobody.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogMirrorFailed(logger, exception, process.Name);
        }
    }

    // The line's time as RFC 3339, which the engine puts in front, and the server's logger does again.
    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d) ", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Timestamp();

    [LoggerMessage("{Line}")]
    private static partial void LogLine(ILogger logger, LogLevel level, string line);

    [LoggerMessage(LogLevel.Error, "The state or the log of '{Process}' can no longer be followed.")]
    private static partial void LogMirrorFailed(ILogger logger, Exception exception, string process);
}
