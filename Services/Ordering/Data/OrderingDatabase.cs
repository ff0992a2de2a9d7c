using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Shop.Ordering.Data;

/// <summary>Sets up the database: the context, its preparation at start, idempotency keys, and the answer while it is away.</summary>
internal static class OrderingDatabase
{
    public const string ConnectionName = "orderingdb";

    /// <summary>
    /// New orders have connections of their own: each holds one while the catalogue is asked for prices, and however many come, those that are
    /// on their way go on. Beyond that they wait for each other; a server takes about 100 connections of all services together.
    /// </summary>
    private const string OrdersPool = "orderingdb-new-orders";

    private const int MostConnectionsOfNewOrders = 20;
    private const int MostConnections = 30;

    /// <summary>How many statements a connection keeps prepared: those that are used often cost less.</summary>
    private const int PreparedStatements = 64;

    public static IHostApplicationBuilder AddOrderingDatabase(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(services => Connect(services, ConnectionName, MostConnections));
        builder.Services.AddKeyedSingleton(OrdersPool, (services, _) => Connect(services, OrdersPool, MostConnectionsOfNewOrders));

        // Not pooled: an order is written on the connection that holds its idempotency key, and a context that goes back to a pool would take that connection along.
        // A caller waits for the answer: repeat what a moment heals, and say within seconds when it does not.
        builder.Services.AddDbContext<OrderingDbContext>((services, options) => options.UseNpgsql(
            services.GetRequiredService<NpgsqlDataSource>(),
            npgsql => npgsql.EnableRetryOnFailure(maxRetryCount: 2, maxRetryDelay: TimeSpan.FromMilliseconds(500), errorCodesToAdd: null)));
        builder.EnrichNpgsqlDbContext<OrderingDbContext>();
        builder.AddIdempotencyKeys(services => services.GetRequiredKeyedService<NpgsqlDataSource>(OrdersPool));

        builder.Services.AddSingleton<DatabasePreparation>();
        builder.Services.AddHostedService(services => services.GetRequiredService<DatabasePreparation>());
        builder.Services.AddExceptionHandler<DatabaseAwayHandler>();
        return builder;
    }

    private static NpgsqlDataSource Connect(IServiceProvider services, string name, int mostConnections)
    {
        var source = new NpgsqlDataSourceBuilder(services.GetRequiredService<IConfiguration>().GetConnectionString(ConnectionName)) { Name = name };
        source.ConnectionStringBuilder.MaxAutoPrepare = PreparedStatements;

        // Nobody leaves anything behind on a connection; what would put it back costs several statements each time.
        source.ConnectionStringBuilder.NoResetOnClose = true;
        if (!source.ConnectionStringBuilder.ShouldSerialize("Maximum Pool Size"))
        {
            source.ConnectionStringBuilder.MaxPoolSize = mostConnections;
        }

        return source.UseLoggerFactory(services.GetRequiredService<ILoggerFactory>()).Build();
    }
}
