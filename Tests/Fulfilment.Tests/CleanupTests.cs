using Shop.Fulfilment.Contract;

namespace Shop.Fulfilment.Tests;

[Collection(FulfilmentCollection.Name)]
public sealed class CleanupTests(FulfilmentServers servers)
{
    [Fact]
    public async Task What_is_too_old_goes_and_what_is_open_or_young_stays()
    {
        await using var system = await FulfilmentSystem.StartAsync(servers.Postgres);
        var (old, young, open) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        await system.Orders.AskAsync<OrderShipped>(Orders.Ship(old));
        await system.Orders.AskAsync<ShipmentCancelled>(Orders.Cancel(young));
        await system.Carrier.SwitchAsync(new { errorRate = 1.0 });
        await system.Orders.SendAsync(Orders.Ship(open));
        await system.Orders.SendAsync(
            Orders.Completed(DateTimeOffset.Parse("2020-01-01T00:00:00Z"), (old, "Old", 1, 1, "EUR")),
            Orders.Completed(TimeProvider.System.GetUtcNow(), (young, "Young", 1, 1, "EUR")));
        await Eventually.TrueAsync(async () => await system.SqlAsync("SELECT count(*) FROM sales") is 2L, "The sales did not come");
        await system.SqlAsync($"UPDATE shipments SET ended_at = now() - interval '31 days' WHERE order_id = '{old}'");
        await system.SqlAsync($"UPDATE shipments SET requested_at = now() - interval '31 days' WHERE order_id = '{open}'");
        var names = new[] { "sales-2010-01-01.csv", "sales-2026-01-01.csv", "sales-notes.csv", "other-2010-01-01.csv", ".sales-2026-01-01.csv.old.tmp", ".sales-2026-01-01.csv.young.tmp" };
        Array.ForEach(names, name => File.WriteAllText(Path.Combine(system.Reports, name), ""));
        File.SetLastWriteTimeUtc(Path.Combine(system.Reports, names[4]), DateTime.UnixEpoch);

        await system.App.RunJobAsync("cleanup");
        await system.App.RunJobAsync("cleanup");

        Assert.Equal(
            new[] { open, young }.Order(),
            new[] { old, young, open }.Where(order => system.SqlAsync($"SELECT count(*) FROM shipments WHERE order_id = '{order}'").Result is 1L).Order());
        Assert.Equal(1L, await system.SqlAsync("SELECT count(*) FROM sales"));
        Assert.Equal(
            names.Except([names[0], names[4]]).Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(system.Reports).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
    }
}
