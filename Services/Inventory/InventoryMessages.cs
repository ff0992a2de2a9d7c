using Shop.Catalog.Contract;
using Shop.Inventory.Contract;
using Shop.Inventory.Data;
using Shop.Inventory.Reservations;
using Shop.Inventory.Stock;

namespace Shop.Inventory;

/// <summary>Names the messages that come in and go out.</summary>
internal static class InventoryMessages
{
    public static IHostApplicationBuilder AddInventoryMessages(this IHostApplicationBuilder builder) =>
        builder.AddMessaging<InventoryDbContext>(messages => messages
            .Handle<ReserveStock, ReserveStockHandler>()
            .Handle<ReleaseStock, ReleaseStockHandler>()
            .Handle<CommitStock, CommitStockHandler>()
            .Handle<ProductChanged, ProductChangedHandler>()
            .Publish<StockReserved>()
            .Publish<StockRejected>()
            .Publish<StockReleased>()
            .Publish<StockCommitted>()
            .Publish<StockChanged>());
}
