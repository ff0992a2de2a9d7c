using System.Net;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shop.Inventory.Contract;

namespace Shop.Ordering.Tests;

[Collection(OrderingCollection.Name)]
public sealed class WatchTests(OrderingServers servers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly OrderingApp _ordering = servers.Shared;
    private readonly Others _others = servers.Others;

    [Fact]
    public async Task A_watcher_gets_the_current_status_first_and_then_each_that_follows_until_the_last()
    {
        var id = await _ordering.PlaceAsync();
        using var watch = await WatchAsync(_ordering, id);
        Assert.Equal((1, "Submitted"), await NextAsync(watch));

        await _others.SayAsync(SagaTests.Reserved(id));
        Assert.Equal((2, "StockReserved"), await NextAsync(watch));
        await _others.SayAsync(SagaTests.Captured(id), SagaTests.Shipped(id), new StockCommitted(id));
        Assert.Equal((3, "Paid"), await NextAsync(watch));
        Assert.Equal((4, "Shipped"), await NextAsync(watch));
        Assert.Equal((5, "Completed"), await NextAsync(watch));

        Assert.Equal(WebSocketCloseStatus.NormalClosure, await EndAsync(watch));
    }

    [Fact]
    public async Task Whoever_comes_back_is_told_what_was_missed()
    {
        var id = await _ordering.PlaceAsync();
        using (var first = await WatchAsync(_ordering, id))
        {
            Assert.Equal((1, "Submitted"), await NextAsync(first));
            first.Abort();
        }

        await _others.SayAsync(SagaTests.Reserved(id), SagaTests.Captured(id));
        await _ordering.BecomesAsync(id, "Paid");

        using var current = await WatchAsync(_ordering, id);
        Assert.Equal((3, "Paid"), await NextAsync(current));
        using var missed = await WatchAsync(_ordering, id, "?after=1");
        Assert.Equal((2, "StockReserved"), await NextAsync(missed));
        Assert.Equal((3, "Paid"), await NextAsync(missed));
        await _others.SayAsync(SagaTests.Shipped(id));
        Assert.Equal((4, "Shipped"), await NextAsync(missed));
        Assert.Equal((4, "Shipped"), await NextAsync(current));
    }

    [Fact]
    public async Task An_order_at_its_end_says_so_and_hangs_up()
    {
        var id = await _ordering.PlaceAsync();
        await _others.HearsAsync<ReserveStock>(id);
        await _others.SayAsync(new StockRejected(id, []));
        await _ordering.BecomesAsync(id, "Rejected");

        using var watch = await WatchAsync(_ordering, id);

        Assert.Equal((2, "Rejected"), await NextAsync(watch));
        Assert.Equal(WebSocketCloseStatus.NormalClosure, await EndAsync(watch));
        using var seen = await WatchAsync(_ordering, id, "?after=2");
        Assert.Equal(WebSocketCloseStatus.NormalClosure, await EndAsync(seen));
    }

    // The fallback is switched off: what comes, came by notification.
    [Fact]
    public async Task A_change_by_another_replica_is_told_at_once()
    {
        await using var ordering = await servers.StartOrderingAsync(("Watch:PollInterval", "01:00:00"));
        await using var replica = await ordering.ReplicateAsync();
        var id = await ordering.PlaceAsync();
        using var watch = await WatchAsync(ordering, id);
        using var there = await WatchAsync(replica, id);
        await NextAsync(watch);
        await NextAsync(there);
        await ListensAsync(ordering, listeners: 2);

        using var cancelled = await replica.CancelAsync(id);

        Assert.Equal((2, "Cancelling"), await NextAsync(watch));
        Assert.Equal((2, "Cancelling"), await NextAsync(there));
    }

    [Fact]
    public async Task A_connection_that_breaks_loses_no_change()
    {
        await using var ordering = await servers.StartOrderingAsync(("Watch:PollInterval", "01:00:00"));
        var id = await ordering.PlaceAsync();
        using var watch = await WatchAsync(ordering, id);
        await NextAsync(watch);
        await ListensAsync(ordering, listeners: 1);

        await ordering.SqlAsync(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'ordering watch' AND datname = current_database()");
        using var cancelled = await ordering.CancelAsync(id);

        Assert.Equal((2, "Cancelling"), await NextAsync(watch));
    }

    [Fact]
    public async Task A_watch_lasts_longer_than_a_request_may()
    {
        await using var ordering = await servers.StartOrderingAsync(("Requests:Timeout", "00:00:01"));
        var id = await ordering.PlaceAsync();
        using var watch = await WatchAsync(ordering, id);
        await NextAsync(watch);
        var next = NextAsync(watch);
        Assert.NotSame(next, await Task.WhenAny(next, Task.Delay(TimeSpan.FromSeconds(2))));

        using var cancelled = await ordering.CancelAsync(id);

        Assert.Equal((2, "Cancelling"), await next);
    }

    [Fact]
    public async Task The_watch_ends_well_when_the_service_stops()
    {
        await using var ordering = await servers.StartOrderingAsync();
        var id = await ordering.PlaceAsync();
        using var watch = await WatchAsync(ordering, id);

        // This one never answers a close frame.
        using var deaf = await WatchAsync(ordering, id);
        await NextAsync(watch);

        var clock = System.Diagnostics.Stopwatch.StartNew();
        var stopped = ordering.Services.GetRequiredService<IHost>().StopAsync();

        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, await EndAsync(watch));
        await stopped.WaitAsync(Patience);

        // Far less than the time that requests in flight are given.
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
    }

    [Fact]
    public async Task Nobody_watches_another_ones_order()
    {
        var id = await _ordering.PlaceAsync();

        var refused = await Assert.ThrowsAsync<WebSocketException>(() => WatchAsync(_ordering, id, subject: "eve"));

        Assert.Contains("404", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", HttpStatusCode.UpgradeRequired)]
    [InlineData("?after=-1", HttpStatusCode.BadRequest)]
    [InlineData("?after=all", HttpStatusCode.BadRequest)]
    public async Task Whoever_does_not_speak_WebSocket_is_told_so(string query, HttpStatusCode expected)
    {
        var id = await _ordering.PlaceAsync();

        using var response = await _ordering.Customer.GetAsync($"{OrderingApp.Orders}/{id}/watch{query}");

        Assert.Equal(expected, response.StatusCode);
    }

    private static async Task<ClientWebSocket> WatchAsync(OrderingApp ordering, Guid id, string query = "", string subject = "tester")
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {TestTokens.Mint("orders", subject: subject)}");
        var address = new UriBuilder(ordering.Address) { Scheme = "ws", Path = $"{OrderingApp.Orders}/{id}/watch", Query = query }.Uri;
        await socket.ConnectAsync(address, CancellationToken.None).WaitAsync(Patience);
        return socket;
    }

    private static async Task<(int Number, string Status)> NextAsync(ClientWebSocket socket)
    {
        var buffer = new byte[4096];
        var frame = await socket.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(Patience);
        Assert.Equal(WebSocketMessageType.Text, frame.MessageType);
        Assert.True(frame.EndOfMessage);
        var message = JsonNode.Parse(buffer.AsSpan(0, frame.Count))!;
        return ((int)message["number"]!, (string)message["status"]!);
    }

    private static async Task<WebSocketCloseStatus?> EndAsync(ClientWebSocket socket)
    {
        var frame = await socket.ReceiveAsync(new byte[4096], CancellationToken.None).WaitAsync(Patience);
        Assert.Equal(WebSocketMessageType.Close, frame.MessageType);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, CancellationToken.None);
        return frame.CloseStatus;
    }

    private static Task ListensAsync(OrderingApp ordering, int listeners) => Eventually.TrueAsync(
        async () => (long)(await ordering.SqlAsync(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'ordering watch' AND datname = current_database() AND query LIKE 'LISTEN%'"))! == listeners,
        "Nobody listened");
}
