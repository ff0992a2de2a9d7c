using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dcp;

/// <summary>The events and states that surround the life of a resource, in the order in which Aspire's integrations expect them.</summary>
internal sealed class ResourceAnnouncements(
    IDistributedApplicationEventing eventing,
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    IServiceProvider services,
    ILogger<ResourceAnnouncements> logger)
{
    /// <summary>Makes every resource known and lets it initialize itself; who initializes itself is not waited for.</summary>
    public async Task InitializeAsync(DistributedApplicationModel model, CancellationToken cancellationToken)
    {
        eventing.Subscribe<ResourceEndpointsAllocatedEvent>((@event, token) => ShowUrlsAsync(@event.Resource, token));
        foreach (var resource in model.Resources)
        {
            await notifications.PublishUpdateAsync(resource, snapshot => snapshot);
        }

        foreach (var resource in model.Resources)
        {
            _ = InitializeAsync(resource, cancellationToken);
        }
    }

    /// <summary>The endpoints have addresses.</summary>
    public Task EndpointsAllocatedAsync(IResource resource, CancellationToken cancellationToken) =>
        eventing.PublishAsync(new ResourceEndpointsAllocatedEvent(resource, services), cancellationToken);

    /// <summary>Shows the URLs of a resource: of its endpoints, and those that were added or changed.</summary>
    public async Task ShowUrlsAsync(IResource resource, CancellationToken cancellationToken)
    {
        try
        {
            var urls = await ResourceUrls.CollectAsync(
                resource, services.GetRequiredService<DistributedApplicationExecutionContext>(), loggers.GetLogger(resource), cancellationToken);
            await notifications.PublishUpdateAsync(resource, snapshot => snapshot with { Urls = [.. urls] });
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A wrong link is no reason not to start.
            loggers.GetLogger(resource).LogError(exception, "The URLs of resource '{Resource}' could not be found out.", resource.Name);
        }
    }

    /// <summary>The resource is about to start; ends when nothing it waits for holds it back any more.</summary>
    public async Task BeforeStartAsync(DistributedApplicationModel model, IResource resource, CancellationToken cancellationToken)
    {
        foreach (var owner in WithChildren(model, resource).OfType<IResourceWithConnectionString>())
        {
            await eventing.PublishAsync(new ConnectionStringAvailableEvent(owner, services), cancellationToken);
        }

        await StartingAsync(resource);
        await eventing.PublishAsync(new BeforeResourceStartedEvent(resource, services), cancellationToken);
        await StartingAsync(resource);
    }

    /// <summary>It waits for somebody to start it.</summary>
    public Task NotStartedAsync(IResource resource) =>
        notifications.PublishUpdateAsync(resource, snapshot => snapshot with { State = KnownResourceStates.NotStarted });

    /// <summary>It could not be started; the reason goes into its log.</summary>
    public async Task FailedToStartAsync(IResource resource, Exception reason)
    {
        if (reason is DistributedApplicationException)
        {
            loggers.GetLogger(resource).LogError("{Message}", reason.Message);
        }
        else
        {
            loggers.GetLogger(resource).LogError(reason, "Resource '{Resource}' could not be started.", resource.Name);
        }

        await notifications.PublishUpdateAsync(resource, snapshot => snapshot with
        {
            State = new ResourceStateSnapshot(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error),
        });
    }

    /// <summary>An instance has ended.</summary>
    public async Task StoppedAsync(DistributedApplicationModel model, IResource resource, string id, CancellationToken cancellationToken)
    {
        if (!notifications.TryGetCurrentState(id, out var last))
        {
            return;
        }

        try
        {
            foreach (var owner in WithChildren(model, resource))
            {
                await eventing.PublishAsync(new ResourceStoppedEvent(owner, services, last), cancellationToken);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            logger.LogError(exception, "A subscriber failed on the end of resource '{Resource}'.", resource.Name);
        }
    }

    public Task AllCreatedAsync(DistributedApplicationModel model, CancellationToken cancellationToken) =>
        eventing.PublishAsync(new AfterResourcesCreatedEvent(services, model), cancellationToken);

    private async Task InitializeAsync(IResource resource, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Yield();
            await eventing.PublishAsync(
                new InitializeResourceEvent(resource, eventing, loggers, notifications, services), EventDispatchBehavior.BlockingConcurrent, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The application stops.
        }
        catch (Exception exception)
        {
            await FailedToStartAsync(resource, exception);
        }
    }

    private Task StartingAsync(IResource resource) => notifications.PublishUpdateAsync(resource, snapshot => snapshot with
    {
        State = KnownResourceStates.Starting,
        ExitCode = null,
        StopTimeStamp = null,
        ReadyHandlers = null,
        // Nobody has asked the new process yet.
        HealthReports = [.. snapshot.HealthReports.Select(report => new HealthReportSnapshot(report.Name, null, null, null))],
    });

    // Children that have no life of their own share that of their parent: a database that of its server.
    private static IEnumerable<IResource> WithChildren(DistributedApplicationModel model, IResource resource) =>
        [
            resource,
            .. model.Resources
                .Where(child => child is IResourceWithParent { Parent: var parent } && parent == resource && !EngineResource.Runs(child))
                .SelectMany(child => WithChildren(model, child)),
        ];
}
