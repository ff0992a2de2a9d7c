using Shop.Inventory.Data;

namespace Shop.Inventory.Watching;

/// <summary>Sets up what watchers of stock need.</summary>
internal static class WatchRegistration
{
    public static IHostApplicationBuilder AddStockWatch(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<WatchSettings>(WatchSettings.Section);
        builder.Services.AddSingleton<StockConnections>();
        builder.Services.AddSingleton<StockNotices>();
        builder.Services.AddHostedService(services => services.GetRequiredService<StockNotices>());
        builder.Services.AddSingleton<StockFeed>();
        builder.Services.AddHostedService(services => services.GetRequiredService<StockFeed>());
        builder.Services.AddSingleton<CommittedStock>();
        builder.Services.ConfigureDbContext<InventoryDbContext>((services, options) => options.AddInterceptors(services.GetRequiredService<CommittedStock>()));
        return builder;
    }
}
