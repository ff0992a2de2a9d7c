using Microsoft.EntityFrameworkCore;

namespace Shop.Payments.Data;

/// <summary>Sets up the database: the context and its preparation at start.</summary>
internal static class PaymentsDatabase
{
    public const string ConnectionName = "paymentsdb";

    /// <summary>How many statements a connection keeps prepared: those that are used often cost less.</summary>
    private const int PreparedStatements = 64;

    public static IHostApplicationBuilder AddPaymentsDatabase(this IHostApplicationBuilder builder)
    {
        // What a moment heals is repeated here; what takes longer comes again: messages, callbacks and due payments all do.
        builder.AddNpgsqlDbContext<PaymentsDbContext>(ConnectionName, configureDbContextOptions: options => options.UseNpgsql(npgsql => npgsql
            .EnableRetryOnFailure(maxRetryCount: 2, maxRetryDelay: TimeSpan.FromMilliseconds(500), errorCodesToAdd: null)
            .ConfigureDataSource(source =>
            {
                source.ConnectionStringBuilder.MaxAutoPrepare = PreparedStatements;

                // Nobody leaves anything behind on a connection; what would put it back costs several statements each time.
                source.ConnectionStringBuilder.NoResetOnClose = true;
            })));

        builder.Services.AddExceptionHandler<DatabaseAwayHandler>();
        builder.Services.AddSingleton<DatabasePreparation>();
        builder.Services.AddHostedService(services => services.GetRequiredService<DatabasePreparation>());
        return builder;
    }
}
