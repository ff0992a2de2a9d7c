using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Shop.Inventory.Contract;
using Trellis.Messaging;

namespace Shop.Catalog.Tests.Messages;

/// <summary>Another service, which tells how many pieces there are.</summary>
internal sealed class Warehouse : IAsyncDisposable
{
    private readonly IHost _host;

    private Warehouse(IHost host) => _host = host;

    public static async Task<Warehouse> StartAsync(string database, string broker)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "Warehouse" });
        builder.Configuration["ConnectionStrings:broker"] = broker;
        builder.Logging.ClearProviders();
        builder.Services.AddDbContext<WarehouseContext>(options => options.UseNpgsql(database));
        builder.AddMessaging<WarehouseContext>(messaging => messaging.Publish<StockChanged>());
        var host = builder.Build();
        await using (var scope = host.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<WarehouseContext>().Database.EnsureCreatedAsync();
        }

        await host.StartAsync();
        return new Warehouse(host);
    }

    /// <summary>Tells it, in this order for each product.</summary>
    public async Task TellAsync(params IEnumerable<StockChanged> changes)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        var publisher = scope.ServiceProvider.GetRequiredService<IMessagePublisher>();
        foreach (var change in changes)
        {
            await publisher.PublishAsync(change, new PublishOptions { PartitionKey = change.ProductId.ToString() });
        }

        await scope.ServiceProvider.GetRequiredService<WarehouseContext>().SaveChangesAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private sealed class WarehouseContext(DbContextOptions<WarehouseContext> options) : DbContext(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddMessaging();
    }
}
