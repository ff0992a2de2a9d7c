using Aspire.Hosting.Eventing;
using Aspire.Hosting.Lifecycle;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Holds every resource back until those that it waits for are there.</summary>
internal sealed class WaitForDependencies(ResourceNotificationService notifications) : IDistributedApplicationEventingSubscriber
{
    public Task SubscribeAsync(IDistributedApplicationEventing eventing, DistributedApplicationExecutionContext executionContext, CancellationToken cancellationToken)
    {
        if (executionContext.IsRunMode)
        {
            eventing.Subscribe<BeforeResourceStartedEvent>((@event, token) => notifications.WaitForDependenciesAsync(@event.Resource, token));
        }

        return Task.CompletedTask;
    }
}
