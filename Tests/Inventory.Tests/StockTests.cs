using Grpc.Core;
using Shop.Inventory.Rpc;

namespace Shop.Inventory.Tests;

[Collection(InventoryCollection.Name)]
public sealed class StockTests(InventoryServers servers)
{
    private readonly InventoryApp _inventory = servers.Shared;

    [Fact]
    public async Task Says_how_many_pieces_there_are()
    {
        var product = await _inventory.AddProductAsync(7);

        var level = await _inventory.LevelAsync(product);

        Assert.Equal((product.ToString(), 7, 0, 7), (level.ProductId, level.OnHand, level.Reserved, level.Available));
    }

    [Fact]
    public async Task Many_products_come_in_the_order_asked_for_and_unknown_ones_are_named()
    {
        Guid[] products = [await _inventory.AddProductAsync(1), await _inventory.AddProductAsync(2), await _inventory.AddProductAsync(3)];
        var unknown = Guid.NewGuid();

        var answer = await _inventory.Reader.GetStocksAsync(
            new GetStocksRequest { ProductIds = { $"{products[2]}", $"{unknown}", $"{products[0]}", $"{products[2]}" } });

        Assert.Equal([3L, 1L], answer.Stocks.Select(level => level.OnHand));
        Assert.Equal([unknown.ToString()], answer.UnknownProductIds);
    }

    [Fact]
    public async Task A_product_that_nobody_knows_is_not_found()
    {
        var id = Guid.NewGuid().ToString();

        await RefusedAsync(StatusCode.NotFound, id, () => _inventory.Reader.GetStockAsync(new GetStockRequest { ProductId = id }));
        await RefusedAsync(StatusCode.NotFound, id, () => _inventory.Clerk.RestockAsync(new RestockRequest { RestockId = id, ProductId = id, Quantity = 1 }));
        using var watch = _inventory.Reader.WatchStock(new WatchStockRequest { ProductIds = { id } });
        var refused = await Assert.ThrowsAsync<RpcException>(() => watch.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(StatusCode.NotFound, refused.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("desk")]
    [InlineData("{019b76da-a800-7fed-a408-df79232aa9de}")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    public async Task What_is_no_id_is_an_invalid_argument_that_is_named(string text)
    {
        var good = Guid.NewGuid().ToString();

        await RefusedAsync(StatusCode.InvalidArgument, "product_id", () => _inventory.Reader.GetStockAsync(new GetStockRequest { ProductId = text }));
        await RefusedAsync(StatusCode.InvalidArgument, "product_ids", () => _inventory.Reader.GetStocksAsync(new GetStocksRequest { ProductIds = { good, text } }));
        await RefusedAsync(
            StatusCode.InvalidArgument, "restock_id", () => _inventory.Clerk.RestockAsync(new RestockRequest { RestockId = text, ProductId = good, Quantity = 1 }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(501)]
    public async Task None_or_too_many_products_are_an_invalid_argument(int count)
    {
        var request = new GetStocksRequest { ProductIds = { Enumerable.Range(0, count).Select(_ => Guid.NewGuid().ToString()) } };

        await RefusedAsync(StatusCode.InvalidArgument, "1 to 500", () => _inventory.Reader.GetStocksAsync(request));
    }

    [Theory]
    [InlineData(40_000)]
    [InlineData(200_000)]
    public async Task A_request_beyond_all_measure_is_not_read(int count)
    {
        var request = new GetStocksRequest { ProductIds = { Enumerable.Range(0, count).Select(_ => Guid.NewGuid().ToString()) } };

        await RefusedAsync(StatusCode.ResourceExhausted, "size", () => _inventory.Reader.GetStocksAsync(request));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(1_000_001)]
    [InlineData(int.MinValue)]
    public async Task Nobody_restocks_nothing_or_less_or_beyond_measure(int quantity)
    {
        var product = await _inventory.AddProductAsync(5);

        await RefusedAsync(StatusCode.InvalidArgument, "quantity", () => RestockAsync(Guid.NewGuid(), product, quantity));

        Assert.Equal(5, (await _inventory.LevelAsync(product)).OnHand);
    }

    [Fact]
    public async Task A_restock_is_there_at_once_and_makes_a_newer_version()
    {
        var product = await _inventory.AddProductAsync(5);
        var before = await _inventory.LevelAsync(product);

        var after = await RestockAsync(Guid.NewGuid(), product, 20);

        Assert.Equal((25, 25), (after.OnHand, after.Available));
        Assert.True(after.Version > before.Version);
        Assert.Equal(after, await _inventory.LevelAsync(product));
    }

    [Fact]
    public async Task The_same_restock_sent_many_times_at_once_counts_once()
    {
        var product = await _inventory.AddProductAsync(0);
        var id = Guid.NewGuid();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => RestockAsync(id, product, 3)));

        Assert.All(answers, level => Assert.Equal(3, level.OnHand));
        Assert.Equal(3, (await _inventory.LevelAsync(product)).OnHand);
    }

    [Fact]
    public async Task The_id_of_another_restock_is_refused()
    {
        var (product, other) = (await _inventory.AddProductAsync(0), await _inventory.AddProductAsync(0));
        var id = Guid.NewGuid();
        await RestockAsync(id, product, 3);

        await RefusedAsync(StatusCode.AlreadyExists, $"{id}", () => RestockAsync(id, product, 4));
        await RefusedAsync(StatusCode.AlreadyExists, $"{id}", () => RestockAsync(id, other, 3));

        Assert.Equal((3, 0), ((await _inventory.LevelAsync(product)).OnHand, (await _inventory.LevelAsync(other)).OnHand));
    }

    [Fact]
    public async Task One_id_for_many_products_at_once_restocks_one_of_them()
    {
        var products = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _inventory.AddProductAsync(0)));
        var id = Guid.NewGuid();

        var outcomes = await Task.WhenAll(products.Select(async product =>
        {
            try
            {
                await RestockAsync(id, product, 1);
                return StatusCode.OK;
            }
            catch (RpcException refused)
            {
                return refused.StatusCode;
            }
        }));

        Assert.Equal(1, outcomes.Count(outcome => outcome == StatusCode.OK));
        Assert.Equal(9, outcomes.Count(outcome => outcome == StatusCode.AlreadyExists));
    }

    private Task<StockLevel> RestockAsync(Guid id, Guid product, int quantity) => _inventory.Clerk.RestockAsync(
        new RestockRequest { RestockId = id.ToString(), ProductId = product.ToString(), Quantity = quantity }).ResponseAsync;

    private static Task RefusedAsync<T>(StatusCode status, string named, Func<AsyncUnaryCall<T>> call) => RefusedAsync(status, named, () => call().ResponseAsync);

    private static async Task RefusedAsync<T>(StatusCode status, string named, Func<Task<T>> call)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(call);
        Assert.Equal(status, refused.StatusCode);
        Assert.Contains(named, refused.Status.Detail, StringComparison.Ordinal);
    }
}
