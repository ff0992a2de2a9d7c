using Shop.Catalog.Data;

namespace Shop.Catalog.Availability;

/// <summary>Sets up what shows how many pieces can be ordered.</summary>
internal static class AvailabilityRegistration
{
    public static IServiceCollection AddAvailability(this IServiceCollection services)
    {
        services.AddSingleton<AvailabilityNews>();
        services.AddHostedService(provider => provider.GetRequiredService<AvailabilityNews>());
        services.AddSingleton<CommittedAvailability>();
        return services.ConfigureDbContext<CatalogDbContext>((provider, options) => options.AddInterceptors(provider.GetRequiredService<CommittedAvailability>()));
    }
}
