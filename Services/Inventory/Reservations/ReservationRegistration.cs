using Shop.Inventory.Contract;
using Shop.Inventory.Data;

namespace Shop.Inventory.Reservations;

/// <summary>Sets up the messages, what handles them, and the end of reservations that nobody ends.</summary>
internal static class ReservationRegistration
{
    public static IHostApplicationBuilder AddReservations(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<ReservationSettings>(ReservationSettings.Section);
        builder.Services.AddScoped<ReservationBook>();
        builder.AddMessaging<InventoryDbContext>(messages => messages
            .Handle<ReserveStock, ReserveStockHandler>()
            .Handle<ReleaseStock, ReleaseStockHandler>()
            .Handle<CommitStock, CommitStockHandler>()
            .Publish<StockReserved>()
            .Publish<StockRejected>()
            .Publish<StockReleased>()
            .Publish<StockCommitted>()
            .Publish<StockChanged>());
        builder.Services.AddHostedService<ReservationSweep>();
        return builder;
    }
}
