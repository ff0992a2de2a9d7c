using System.Security.Cryptography;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.Hosting;
using Shop.Inventory.Rpc;

namespace Shop.Inventory.Tests;

[Collection(InventoryCollection.Name)]
public sealed class AuthorizationTests(InventoryServers servers)
{
    private readonly InventoryApp _inventory = servers.Shared;

    [Fact]
    public void Every_method_says_who_may_call_it()
    {
        _ = _inventory.Address;

        Assert.Empty(_inventory.Services.EndpointsWithoutPolicy());
    }

    [Fact]
    public async Task Without_a_token_nobody_reads_watches_or_restocks() => await RefusedAsync(_inventory.Anonymous, StatusCode.Unauthenticated);

    [Theory]
    [InlineData(null)]
    [InlineData("inventory")]
    [InlineData("inventory.writer INVENTORY.READ catalog.write")]
    public async Task A_token_without_the_scope_is_denied(string? scope) =>
        await RefusedAsync(_inventory.With(TestTokens.Mint(scope)), StatusCode.PermissionDenied);

    [Fact]
    public async Task Who_may_read_may_not_restock()
    {
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await _inventory.Reader.RestockAsync(new RestockRequest()));

        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
    }

    [Fact]
    public async Task A_token_that_has_ended_is_for_others_or_is_forged_is_refused()
    {
        const string scope = "inventory.read inventory.write";
        string[] tokens =
        [
            TestTokens.Mint(scope, lifetime: TimeSpan.FromMinutes(-5)),
            TestTokens.Mint(scope, audience: "elsewhere"),
            TestTokens.Mint(scope, key: RandomNumberGenerator.GetBytes(32)),
            "not.a.token",
        ];

        foreach (var token in tokens)
        {
            await RefusedAsync(_inventory.With(token), StatusCode.Unauthenticated);
        }
    }

    [Fact]
    public async Task A_service_that_is_not_here_is_unimplemented()
    {
        var method = new Method<string, string>(MethodType.Unary, "shop.other.v1.Other", "Get", Marshallers.StringMarshaller, Marshallers.StringMarshaller);

        var refused = await Assert.ThrowsAsync<RpcException>(
            async () => await _inventory.Channel.CreateCallInvoker().AsyncUnaryCall(method, host: null, default, "x"));

        Assert.Equal(StatusCode.Unimplemented, refused.StatusCode);
    }

    [Fact]
    public async Task Health_needs_no_token()
    {
        var answer = await new Health.HealthClient(_inventory.Channel).CheckAsync(new HealthCheckRequest());

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, answer.Status);
    }

    private static async Task RefusedAsync(InventoryService.InventoryServiceClient client, StatusCode expected)
    {
        using var watch = client.WatchStock(new WatchStockRequest());
        var refusals = new[]
        {
            await Assert.ThrowsAsync<RpcException>(async () => await client.GetStockAsync(new GetStockRequest())),
            await Assert.ThrowsAsync<RpcException>(async () => await client.GetStocksAsync(new GetStocksRequest())),
            await Assert.ThrowsAsync<RpcException>(async () => await client.RestockAsync(new RestockRequest())),
            await Assert.ThrowsAsync<RpcException>(() => watch.ResponseStream.MoveNext(CancellationToken.None)),
        };
        Assert.All(refusals, refused => Assert.Equal(expected, refused.StatusCode));
    }
}
