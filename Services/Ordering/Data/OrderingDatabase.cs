using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Shop.Ordering.Data;

/// <summary>Sets up the database: the context, its preparation at start, idempotency keys, and the answer while it is away.</summary>
internal static class OrderingDatabase
{
    public const string ConnectionName = "orderingdb";

    public static IHostApplicationBuilder AddOrderingDatabase(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(services =>
        {
            var source = new NpgsqlDataSourceBuilder(services.GetRequiredService<IConfiguration>().GetConnectionString(ConnectionName)) { Name = ConnectionName };
            return source.UseLoggerFactory(services.GetRequiredService<ILoggerFactory>()).Build();
        });

        // Not pooled: an order is written on the connection that holds its idempotency key, and a context that goes back to a pool would take that connection along.
        // A caller waits for the answer: repeat what a moment heals, and say within seconds when it does not.
        builder.Services.AddDbContext<OrderingDbContext>((services, options) => options.UseNpgsql(
            services.GetRequiredService<NpgsqlDataSource>(),
            npgsql => npgsql.EnableRetryOnFailure(maxRetryCount: 2, maxRetryDelay: TimeSpan.FromMilliseconds(500), errorCodesToAdd: null)));
        builder.EnrichNpgsqlDbContext<OrderingDbContext>();
        builder.AddIdempotencyKeys(services => services.GetRequiredService<NpgsqlDataSource>());

        builder.Services.AddSingleton<DatabasePreparation>();
        builder.Services.AddHostedService(services => services.GetRequiredService<DatabasePreparation>());
        builder.Services.AddExceptionHandler<DatabaseAwayHandler>();
        return builder;
    }
}
