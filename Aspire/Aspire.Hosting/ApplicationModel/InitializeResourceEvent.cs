using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource comes to life; those that the engine does not run start themselves now.</summary>
public class InitializeResourceEvent : IDistributedApplicationResourceEvent
{
    /// <summary>Creates the event.</summary>
    public InitializeResourceEvent(
        IResource resource,
        IDistributedApplicationEventing distributedApplicationEventing,
        ResourceLoggerService resourceLoggerService,
        ResourceNotificationService resourceNotificationService,
        IServiceProvider services)
    {
        Resource = resource;
        Eventing = distributedApplicationEventing;
        Logger = resourceLoggerService.GetLogger(resource);
        Notifications = resourceNotificationService;
        Services = services;
    }

    /// <inheritdoc />
    public IResource Resource { get; }

    /// <summary>Where to publish events.</summary>
    public IDistributedApplicationEventing Eventing { get; }

    /// <summary>Writes to the resource's log.</summary>
    public ILogger Logger { get; }

    /// <summary>Where to publish states.</summary>
    public ResourceNotificationService Notifications { get; }

    /// <summary>The application's services.</summary>
    public IServiceProvider Services { get; }
}
