using Aspire.Hosting.Interactions;
using Aspire.Hosting.Lifecycle;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Aspire.Hosting.Dashboard;

/// <summary>Registers the dashboard.</summary>
internal static class DashboardServiceCollectionExtensions
{
    /// <summary>Adds the dashboard to an application; one that is published gets none.</summary>
    /// <param name="services">The application's services.</param>
    public static IServiceCollection AddDashboard(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new DashboardOptions(
            provider.GetRequiredService<IConfiguration>(),
            provider.GetRequiredService<DistributedApplicationOptions>().Metadata("aspiredashboardpath")));
        services.AddInteractions();
        services.AddSingleton<ResourceFeed>();
        services.AddSingleton<DashboardCalls>();
        services.AddSingleton<DashboardResourceService>();
        services.AddSingleton<DashboardLauncher>();
        services.AddEventingSubscriber<DashboardSubscriber>();
        return services;
    }
}
