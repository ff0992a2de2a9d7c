using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Lifecycle;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Dashboard;

/// <summary>Has the dashboard launched before the application starts. What launches it is made only then: publishing needs no ports.</summary>
internal sealed class DashboardSubscriber : IDistributedApplicationEventingSubscriber
{
    public Task SubscribeAsync(
        IDistributedApplicationEventing eventing,
        DistributedApplicationExecutionContext executionContext,
        CancellationToken cancellationToken)
    {
        if (executionContext.IsRunMode)
        {
            eventing.Subscribe<BeforeStartEvent>((started, token) =>
                started.Services.GetRequiredService<DashboardLauncher>().AddToModelAsync(started.Model, token));
        }

        return Task.CompletedTask;
    }
}
