using Shop.Ordering.Data;

namespace Shop.Ordering.Watching;

/// <summary>Sets up what watchers of orders need.</summary>
internal static class WatchRegistration
{
    public static IHostApplicationBuilder AddOrderWatch(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<WatchSettings>(WatchSettings.Section);
        builder.Services.AddSingleton<WatchConnections>();
        builder.Services.AddSingleton<OrderNotices>();
        builder.Services.AddHostedService(services => services.GetRequiredService<OrderNotices>());
        builder.Services.AddSingleton<OrderFeed>();
        builder.Services.AddHostedService(services => services.GetRequiredService<OrderFeed>());
        builder.Services.AddSingleton<OrderWatch>();
        builder.Services.AddSingleton<CommittedOrders>();
        builder.Services.ConfigureDbContext<OrderingDbContext>((services, options) => options.AddInterceptors(services.GetRequiredService<CommittedOrders>()));

        // The gateway, and others on the way, cut what is silent; and a watcher who is gone without a word is noticed.
        builder.Services.Configure<WebSocketOptions>(sockets =>
        {
            sockets.KeepAliveInterval = TimeSpan.FromSeconds(5);
            sockets.KeepAliveTimeout = TimeSpan.FromSeconds(20);
        });
        return builder;
    }
}
