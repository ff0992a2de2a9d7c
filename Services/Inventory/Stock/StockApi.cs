using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Timeouts;
using Shop.Inventory.Rpc;
using Shop.Inventory.Watching;

namespace Shop.Inventory.Stock;

/// <summary>The service of <c>Contract/inventory.proto</c>.</summary>
internal sealed class StockApi(StockReader stock, Restocking restocking, StockFeed feed, IHostApplicationLifetime lifetime)
    : InventoryService.InventoryServiceBase
{
    private const int MostAtOnce = 500;
    private const int MostWatched = 100;
    private const int LargestRestock = 1_000_000;

    [Authorize(Scopes.Read)]
    public override async Task<StockLevel> GetStock(GetStockRequest request, ServerCallContext context)
    {
        var id = Validation.ReadId(request.ProductId, "product_id");
        var found = await stock.FindAsync([id], context.CancellationToken);
        return found.TryGetValue(id, out var item) ? Show(item) : throw NoSuchProduct(id);
    }

    [Authorize(Scopes.Read)]
    public override async Task<GetStocksResponse> GetStocks(GetStocksRequest request, ServerCallContext context)
    {
        var ids = Validation.ReadIds(request.ProductIds, "product_ids", MostAtOnce);
        var found = await stock.FindAsync(ids, context.CancellationToken);
        return new GetStocksResponse
        {
            Stocks = { ids.Where(found.ContainsKey).Select(id => Show(found[id])) },
            UnknownProductIds = { ids.Where(id => !found.ContainsKey(id)).Select(id => id.ToString()) },
        };
    }

    // It lasts as long as the watcher likes.
    [Authorize(Scopes.Read)]
    [DisableRequestTimeout]
    public override async Task WatchStock(WatchStockRequest request, IServerStreamWriter<StockLevel> responseStream, ServerCallContext context)
    {
        var ids = Validation.ReadIds(request.ProductIds, "product_ids", MostWatched);

        // Before the first look, so that no change falls between the two.
        using var subscription = feed.Subscribe(ids);
        var found = await stock.FindAsync(ids, context.CancellationToken);
        subscription.Offer(found);
        if (ids.FirstOrDefault(id => !found.ContainsKey(id)) is var unknown && unknown != default)
        {
            throw NoSuchProduct(unknown);
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            do
            {
                foreach (var item in subscription.Take())
                {
                    await responseStream.WriteAsync(Show(item), context.CancellationToken);
                }
            }
            while (await subscription.WaitAsync(ended.Token));
        }
        catch (OperationCanceledException) when (!context.CancellationToken.IsCancellationRequested)
        {
            // A watcher would hold up the stop until its time is over.
        }
    }

    [Authorize(Scopes.Write)]
    public override async Task<StockLevel> Restock(RestockRequest request, ServerCallContext context)
    {
        var restockId = Validation.ReadId(request.RestockId, "restock_id");
        var productId = Validation.ReadId(request.ProductId, "product_id");
        Validation.CheckRange(request.Quantity, "quantity", 1, LargestRestock);
        var (outcome, item) = await restocking.RestockAsync(restockId, productId, request.Quantity, context.CancellationToken);
        return outcome switch
        {
            RestockOutcome.Done => Show(item!),
            RestockOutcome.UnknownProduct => throw NoSuchProduct(productId),
            _ => throw new RpcException(new Status(StatusCode.AlreadyExists, $"restock_id {restockId} stands for another restock.")),
        };
    }

    private static StockLevel Show(StockItem item) => new()
    {
        ProductId = item.ProductId.ToString(),
        OnHand = item.OnHand,
        Reserved = item.Reserved,
        Available = item.Available,
        Version = item.Version,
    };

    private static RpcException NoSuchProduct(Guid id) => new(new Status(StatusCode.NotFound, $"There is no product {id}."));
}
