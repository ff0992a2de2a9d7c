using Microsoft.EntityFrameworkCore;

namespace Shop.Inventory.Data;

/// <summary>Sets up the database: the context and its preparation at start.</summary>
internal static class InventoryDatabase
{
    public const string ConnectionName = "inventorydb";

    /// <summary>How many statements a connection keeps prepared: those that are used often cost less.</summary>
    private const int PreparedStatements = 64;

    public static IHostApplicationBuilder AddInventoryDatabase(this IHostApplicationBuilder builder)
    {
        // A caller waits for the answer: repeat what a moment heals, and say within seconds when it does not.
        builder.AddNpgsqlDbContext<InventoryDbContext>(ConnectionName, configureDbContextOptions: options => options.UseNpgsql(npgsql => npgsql
            .EnableRetryOnFailure(maxRetryCount: 2, maxRetryDelay: TimeSpan.FromMilliseconds(500), errorCodesToAdd: null)
            .ConfigureDataSource(source =>
            {
                source.ConnectionStringBuilder.MaxAutoPrepare = PreparedStatements;

                // Nobody leaves anything behind on a connection; what would put it back costs several statements each time.
                source.ConnectionStringBuilder.NoResetOnClose = true;
            })));

        builder.Services.AddSingleton<DatabasePreparation>();
        builder.Services.AddHostedService(services => services.GetRequiredService<DatabasePreparation>());
        return builder;
    }
}
