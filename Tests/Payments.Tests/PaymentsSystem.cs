namespace Shop.Payments.Tests;

/// <summary>Payments, its provider and the service that sends it commands, with databases of their own.</summary>
public sealed class PaymentsSystem : IAsyncDisposable
{
    private PaymentsSystem(PostgresServer postgres, string database, string broker) => (Postgres, Database, Broker) = (postgres, database, broker);

    public PostgresServer Postgres { get; }

    public string Database { get; }

    public string Broker { get; }

    public ProviderProcess Provider { get; } = new();

    public PaymentsApp App { get; private set; } = null!;

    internal Orders Orders { get; private set; } = null!;

    /// <summary>Starts everything. Without <paramref name="callbacks"/> the provider tells nothing by itself; without <paramref name="provider"/> it is away.</summary>
    public static async Task<PaymentsSystem> StartAsync(
        PostgresServer postgres, bool callbacks = true, bool provider = true, bool app = true, params (string Key, string Value)[] settings)
    {
        var system = new PaymentsSystem(postgres, await postgres.CreateDatabaseAsync(), await postgres.CreateDatabaseAsync());
        try
        {
            if (app)
            {
                system.App = new PaymentsApp(system.Settings(settings));
                await system.App.BecomesReadyAsync();
            }

            if (provider)
            {
                await system.Provider.StartAsync(app && callbacks ? system.App.Callbacks : null);
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
            ["ConnectionStrings:paymentsdb"] = Postgres.ConnectionString(Database),
            ["ConnectionStrings:broker"] = Postgres.ConnectionString(Broker),
            ["Messaging:PollInterval"] = "00:00:00.200",
            ["Messaging:Lease"] = "00:00:02",
            ["Provider:Url"] = Provider.Url.ToString(),
            ["Provider:CallbackKey"] = ProviderProcess.Key,
            ["Http:Clients:provider:Timeout"] = "00:00:02",
            ["Http:Clients:provider:AttemptTimeout"] = "00:00:00.700",
            ["Http:Clients:provider:RetryDelay"] = "00:00:00.050",
            ["Charging:Lease"] = "00:00:04",
            ["Charging:RetryDelay"] = "00:00:00.050",
            ["Charging:MaxRetryDelay"] = "00:00:01",
            ["Charging:PollInterval"] = "00:00:00.200",
            ["Logging:LogLevel:Default"] = "Error",
            ["Logging:LogLevel:Polly"] = "None",
        };
        foreach (var (key, value) in more)
        {
            settings[key] = value;
        }

        return settings;
    }

    /// <summary>Runs one statement on the payments' database and returns its first value.</summary>
    public Task<object?> SqlAsync(string sql) => Postgres.ExecuteAsync(Database, sql);

    /// <summary>
    /// Asserts for every order: nothing is open, it was charged once at most, what the provider's ledger comes to is what Payments says, and that is nothing unless the
    /// last answer is that it was captured.
    /// </summary>
    internal async Task IsConsistentAsync(params IReadOnlyCollection<Guid> orders)
    {
        await Eventually.TrueAsync(
            async () => (long)(await SqlAsync("SELECT count(*) FROM payments WHERE due_at IS NOT NULL OR state IN (1, 2)"))! == 0, "Payments stayed open", seconds: 120);
        var ledger = (await Provider.LedgerAsync()).ToLookup(entry => entry.Reference);
        foreach (var order in orders)
        {
            var entries = ledger[order.ToString()].ToList();
            Assert.True(entries.Count(entry => entry.Amount > 0) <= 1, $"Order {order} was charged more than once");
            Assert.True(entries.Select(entry => entry.ChargeId).Distinct().Count() <= 1, $"Order {order} has more than one charge");
            var net = entries.Sum(entry => entry.Amount);
            Assert.Equal(net, await SqlAsync($"SELECT captured - refunded FROM payments WHERE order_id = '{order}'"));

            // What Payments says may still be under way.
            await Eventually.TrueAsync(
                () => Orders.To(order) is [.., var last] && (last is Contract.PaymentCaptured captured ? captured.Amount.Amount : 0) == net,
                $"Order {order} was not told that it comes to {net}");
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

        await Provider.DisposeAsync();
    }
}
