using Shop.Fulfilment.Contract;

namespace Shop.Fulfilment.Tests;

/// <summary>Fulfilment, its carrier and the service that sends it commands, with databases of their own.</summary>
public sealed class FulfilmentSystem : IAsyncDisposable
{
    private readonly DirectoryInfo _reports = Directory.CreateTempSubdirectory("trellis-test-");

    private FulfilmentSystem(PostgresServer postgres, string database, string broker) => (Postgres, Database, Broker) = (postgres, database, broker);

    public PostgresServer Postgres { get; }

    public string Database { get; }

    public string Broker { get; }

    /// <summary>Where the reports are.</summary>
    public string Reports => _reports.FullName;

    public CarrierProcess Carrier { get; } = new();

    public FulfilmentApp App { get; private set; } = null!;

    internal Orders Orders { get; private set; } = null!;

    /// <summary>Starts everything; without <paramref name="carrier"/> the carrier is away.</summary>
    public static async Task<FulfilmentSystem> StartAsync(
        PostgresServer postgres, bool carrier = true, bool app = true, TimeProvider? time = null, params (string Key, string Value)[] settings)
    {
        var system = new FulfilmentSystem(postgres, await postgres.CreateDatabaseAsync(), await postgres.CreateDatabaseAsync());
        try
        {
            if (carrier)
            {
                await system.Carrier.StartAsync();
            }

            if (app)
            {
                system.App = new FulfilmentApp(system.Settings(settings), time);
                await system.App.BecomesReadyAsync();
            }

            system.Orders = await Orders.StartAsync(postgres, system.Broker);
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    /// <summary>The settings of a replica: as deployed, but with less patience.</summary>
    public Dictionary<string, string> Settings(params (string Key, string Value)[] more)
    {
        var settings = new Dictionary<string, string>(TestTokens.Settings)
        {
            ["ConnectionStrings:fulfilmentdb"] = Postgres.ConnectionString(Database),
            ["ConnectionStrings:broker"] = Postgres.ConnectionString(Broker),
            ["Messaging:PollInterval"] = "00:00:00.200",
            ["Messaging:Lease"] = "00:00:02",
            ["Carrier:Url"] = Carrier.Url.ToString(),
            ["Carrier:Lease"] = "00:00:04",
            ["Carrier:RetryDelay"] = "00:00:00.050",
            ["Carrier:MaxRetryDelay"] = "00:00:01",
            ["Http:Clients:carrier:Timeout"] = "00:00:02",
            ["Http:Clients:carrier:AttemptTimeout"] = "00:00:00.700",
            ["Http:Clients:carrier:RetryDelay"] = "00:00:00.050",
            ["Http:Clients:carrier:BreakerPause"] = "00:00:00.500",
            ["Jobs:PollInterval"] = "00:00:00.200",
            ["Jobs:Lease"] = "00:00:03",
            ["Jobs:OverdueSchedule"] = "*/2 * * * * *",
            ["Reports:Folder"] = Reports,
            ["Health:DrainDelay"] = "00:00:00",
            ["Telemetry:SamplingRatio"] = "1",
            ["Logging:LogLevel:Polly"] = "None",
            ["Logging:LogLevel:Default"] = "Error",
        };
        foreach (var (key, value) in more)
        {
            settings[key] = value;
        }

        return settings;
    }

    /// <summary>Runs one statement on Fulfilment's database and returns its first value.</summary>
    public Task<object?> SqlAsync(string sql) => Postgres.ExecuteAsync(Database, sql);

    /// <summary>Asserts for every order: it is settled, and the last that was told of it is what the carrier says.</summary>
    internal async Task IsConsistentAsync(params IReadOnlyCollection<Guid> orders)
    {
        await Eventually.TrueAsync(
            async () => (long)(await SqlAsync("SELECT count(*) FROM shipments WHERE due_at IS NOT NULL OR ended_at IS NULL"))! == 0, "Shipments stayed open", seconds: 120);
        var carrier = await Carrier.ShipmentsAsync();
        foreach (var order in orders)
        {
            var accepted = carrier.GetValueOrDefault(order) is { Status: "Accepted" } shipment ? shipment.TrackingNumber : null;
            Assert.Equal(accepted ?? (object)DBNull.Value, await SqlAsync($"SELECT tracking_number FROM shipments WHERE order_id = '{order}'"));

            // What is told may still be under way.
            await Eventually.TrueAsync(
                () => Orders.To(order) is [.., var last] && (last as OrderShipped)?.TrackingNumber == accepted, $"Order {order} was not told that it is shipped as {accepted}");
            Assert.True(Orders.To(order).OfType<OrderShipped>().All(shipped => shipped.TrackingNumber == accepted), $"Order {order} was told of another shipment");
        }

        Assert.Equal(0L, await Postgres.ExecuteAsync(Broker, "SELECT count(*) FROM trellis.dead_letters"));
    }

    public async ValueTask DisposeAsync()
    {
        if (Orders is not null)
        {
            await Orders.DisposeAsync();
        }

        if (App is not null)
        {
            await App.DisposeAsync();
        }

        await Carrier.DisposeAsync();
        _reports.Delete(recursive: true);
    }
}
