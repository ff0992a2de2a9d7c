using System.Net;
using Npgsql;

namespace Shop.Fulfilment.Tests;

[Collection(FulfilmentCollection.Name)]
public sealed class ReportTests(FulfilmentServers servers)
{
    private const string Header = "date,product_id,product,currency,orders,pieces,revenue_minor_units\n";

    private static readonly Guid Desk = new("00000000-0000-7000-8000-000000000001");
    private static readonly Guid Lamp = new("00000000-0000-7000-8000-000000000002");

    [Fact]
    public async Task The_report_of_a_day_is_what_was_completed_on_it_where_the_shop_is()
    {
        await using var system = await FulfilmentSystem.StartAsync(
            servers.Postgres, time: new ShiftedTime(new(2027, 1, 15, 1, 30, 0, TimeSpan.Zero)), settings: [("Jobs:TimeZone", "Europe/Berlin"), ("Reports:Days", "3")]);
        await system.Orders.SendAsync(
            Orders.Completed(At("2027-01-13T22:59:59Z"), (Desk, "Desk", 1, 63900, "EUR")),
            Orders.Completed(At("2027-01-13T23:00:00Z"), (Desk, "Desk", 2, 63900, "EUR"), (Lamp, "=Lamp, \"small\"", 1, 4990, "EUR")),
            Orders.Completed(At("2027-01-14T22:59:59Z"), (Desk, "Desk", 1, 60000, "EUR"), (Desk, "Desk", 1, 60000, "EUR")),
            Orders.Completed(At("2027-01-14T12:00:00Z"), (Lamp, "=Lamp, \"small\"", 3, 5500, "USD")),
            Orders.Completed(At("2027-01-14T23:00:00Z"), (Desk, "Desk", 1, 63900, "EUR")));
        await Eventually.TrueAsync(async () => await system.SqlAsync("SELECT count(*) FROM sales") is 5L, "The sales did not come");

        await system.App.RunJobAsync("sales-report");

        Assert.Equal(["sales-2027-01-12.csv", "sales-2027-01-13.csv", "sales-2027-01-14.csv"], Files(system));
        Assert.Equal(Header, Read(system, "2027-01-12"));
        Assert.Equal($"{Header}2027-01-13,{Desk},Desk,EUR,1,1,63900\n", Read(system, "2027-01-13"));
        Assert.Equal(
            $"{Header}2027-01-14,{Desk},Desk,EUR,2,4,247800\n"
            + $"2027-01-14,{Lamp},\"'=Lamp, \"\"small\"\"\",EUR,1,1,4990\n"
            + $"2027-01-14,{Lamp},\"'=Lamp, \"\"small\"\"\",USD,1,3,16500\n",
            Read(system, "2027-01-14"));
    }

    [Fact]
    public async Task A_second_run_writes_the_same_file_and_one_after_a_late_order_has_it_too()
    {
        await using var system = await FulfilmentSystem.StartAsync(servers.Postgres, time: new ShiftedTime(new(2027, 1, 15, 12, 0, 0, TimeSpan.Zero)));
        var completed = Orders.Completed(At("2027-01-12T12:00:00Z"), (Desk, "Desk", 1, 63900, "EUR"));
        await system.Orders.SendAsync(completed, completed);
        await Eventually.TrueAsync(async () => await system.SqlAsync("SELECT count(*) FROM inbox_messages") is 2L, "The sales did not come");

        await system.App.RunJobAsync("sales-report");
        var first = Read(system, "2027-01-12");
        await system.App.RunJobAsync("sales-report");
        Assert.Equal($"{Header}2027-01-12,{Desk},Desk,EUR,1,1,63900\n", first);
        Assert.Equal(first, Read(system, "2027-01-12"));
        Assert.Equal(7, Files(system).Length);

        await system.Orders.SendAsync(Orders.Completed(At("2027-01-12T13:00:00Z"), (Desk, "Desk", 1, 63900, "EUR")));
        await Eventually.TrueAsync(async () => await system.SqlAsync("SELECT count(*) FROM sales") is 2L, "The late sale did not come");
        await system.App.RunJobAsync("sales-report");

        Assert.Equal($"{Header}2027-01-12,{Desk},Desk,EUR,2,2,127800\n", Read(system, "2027-01-12"));
    }

    // 0:00 to 0:59 of 2027-04-30 does not exist in Cairo; 2027-10-28 has its last hour twice.
    [Theory]
    [InlineData("2027-05-01T12:00:00Z", "2027-04-30", "2027-04-29T22:00:00Z", "2027-04-30T21:00:00Z")]
    [InlineData("2027-10-29T12:00:00Z", "2027-10-28", "2027-10-27T21:00:00Z", "2027-10-28T22:00:00Z")]
    public async Task No_sale_is_lost_or_counted_twice_where_clocks_are_changed(string now, string day, string begins, string ends)
    {
        await using var system = await FulfilmentSystem.StartAsync(
            servers.Postgres, time: new ShiftedTime(At(now)), settings: [("Jobs:TimeZone", "Africa/Cairo"), ("Reports:Days", "2")]);
        await system.Orders.SendAsync(new[] { At(begins).AddMilliseconds(-1), At(begins), At(ends).AddMilliseconds(-1), At(ends) }
            .Select((at, index) => Orders.Completed(at, (Desk, "Desk", 1, 1L << (4 * index), "EUR"))));
        await Eventually.TrueAsync(async () => await system.SqlAsync("SELECT count(*) FROM sales") is 4L, "The sales did not come");

        await system.App.RunJobAsync("sales-report");

        Assert.Equal($"{Header}{day},{Desk},Desk,EUR,2,2,{0x110}\n", Read(system, day));
    }

    [Fact]
    public async Task A_report_whose_writer_is_killed_is_written_by_another()
    {
        await using var system = await FulfilmentSystem.StartAsync(servers.Postgres, app: false);
        await using var killed = new FulfilmentProcess();
        await using var other = new FulfilmentProcess();
        await killed.StartAsync(system.Settings());
        await Eventually.TrueAsync(
            async () => await system.SqlAsync("SELECT count(*) FROM hangfire.set WHERE key = 'recurring-jobs' AND value = 'sales-report'") is 1L, "The job was not announced");

        await using (var connection = new NpgsqlConnection(servers.Postgres.ConnectionString(system.Database) + ";Pooling=false"))
        {
            // In the midst of it: the file has been begun when the sales are read.
            await connection.OpenAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using var hold = new NpgsqlCommand("LOCK TABLE sales", connection, transaction);
            await hold.ExecuteNonQueryAsync();
            using var triggered = await killed.TriggerAsync("sales-report");
            Assert.Equal(HttpStatusCode.NoContent, triggered.StatusCode);
            await Eventually.TrueAsync(() => Directory.EnumerateFiles(system.Reports, ".sales-*").Any(), "The report was not begun");
            await killed.KillAsync();
        }

        Assert.Empty(Files(system));
        await other.StartAsync(system.Settings());

        await Eventually.TrueAsync(() => Files(system).Length == 7, "The reports were not written", seconds: 60);
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text);

    private static string Read(FulfilmentSystem system, string day) => File.ReadAllText(Path.Combine(system.Reports, $"sales-{day}.csv"));

    private static string[] Files(FulfilmentSystem system) =>
        [.. Directory.EnumerateFiles(system.Reports, "*.csv").Select(file => Path.GetFileName(file)).Where(name => name[0] != '.').Order(StringComparer.Ordinal)];
}
