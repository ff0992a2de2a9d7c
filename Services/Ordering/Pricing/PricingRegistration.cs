using Shop.Catalog.Client;

namespace Shop.Ordering.Pricing;

/// <summary>Sets up the way to the catalogue.</summary>
internal static class PricingRegistration
{
    public static IServiceCollection AddPricing(this IServiceCollection services)
    {
        services.AddHttpClient<CatalogClient>("catalog", http => http.BaseAddress = new Uri("https+http://catalog/"));
        return services.AddTransient<CatalogPrices>();
    }
}
