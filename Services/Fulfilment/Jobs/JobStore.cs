using Hangfire;
using Hangfire.PostgreSql;
using Npgsql;
using Shop.Fulfilment.Data;

namespace Shop.Fulfilment.Jobs;

/// <summary>Where Hangfire keeps the jobs: a schema of the service's database. Nothing is connected before it is used.</summary>
internal sealed class JobStore(IConfiguration configuration) : IConnectionFactory, IDisposable
{
    private const string Schema = "hangfire";

    private static readonly TimeSpan FallbackInterval = TimeSpan.FromSeconds(5);

    private readonly Lazy<NpgsqlDataSource> _database = new(() =>
    {
        var builder = new NpgsqlDataSourceBuilder(configuration.GetConnectionString(FulfilmentDatabase.ConnectionName));

        // Its polling would be most of what there is to see; the jobs have spans of their own.
        builder.ConfigureTracing(tracing => tracing.ConfigureCommandFilter(_ => false).ConfigureBatchFilter(_ => false));
        return builder.Build();
    });

    /// <summary>Makes the tables, or brings them up to date.</summary>
    public static void Prepare(NpgsqlConnection connection) => PostgreSqlObjectsInstaller.Install(connection, Schema);

    public JobStorage Open(JobSettings settings) => new PostgreSqlStorage(this, new PostgreSqlStorageOptions
    {
        SchemaName = Schema,
        PrepareSchemaIfNecessary = false,
        EnableLongPolling = true,
        QueuePollInterval = FallbackInterval,

        // What a killed process held is free again after this time.
        InvisibilityTimeout = settings.Lease,
        UseSlidingInvisibilityTimeout = true,
        DistributedLockTimeout = settings.Lease,
    });

    public NpgsqlConnection GetOrCreateConnection() => _database.Value.CreateConnection();

    public void Dispose()
    {
        if (_database.IsValueCreated)
        {
            _database.Value.Dispose();
        }
    }
}
