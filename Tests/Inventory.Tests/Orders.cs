using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Shop.Catalog.Contract;
using Shop.Inventory.Contract;
using Trellis.Messaging;

namespace Shop.Inventory.Tests;

/// <summary>The other side of the messages: a service with a database of its own that sends commands and takes the answers.</summary>
internal sealed class Orders : IAsyncDisposable
{
    private readonly IHost _host;

    private Orders(IHost host) => _host = host;

    private Answers All => _host.Services.GetRequiredService<Answers>();

    public static async Task<Orders> StartAsync(InventoryApp inventory)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "orders" });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:broker"] = inventory.Postgres.ConnectionString(inventory.Broker),
            ["Messaging:PollInterval"] = "00:00:00.200",
            ["Messaging:Lease"] = "00:00:02",
        });
        var database = inventory.Postgres.ConnectionString(await inventory.Postgres.CreateDatabaseAsync());
        builder.Services.AddDbContext<OrdersContext>(options => options.UseNpgsql(database));
        builder.Services.AddSingleton<Answers>();
        builder.AddMessaging<OrdersContext>(messages => messages
            .Publish<ReserveStock>().Publish<ReleaseStock>().Publish<CommitStock>().Publish<ProductChanged>()
            .Handle<StockReserved, AnswerHandler<StockReserved>>()
            .Handle<StockRejected, AnswerHandler<StockRejected>>()
            .Handle<StockReleased, AnswerHandler<StockReleased>>()
            .Handle<StockCommitted, AnswerHandler<StockCommitted>>()
            .Handle<StockChanged, AnswerHandler<StockChanged>>());
        var host = builder.Build();
        await using (var scope = host.Services.CreateAsyncScope())
        {
            var creator = scope.ServiceProvider.GetRequiredService<OrdersContext>().GetService<IDatabaseCreator>();
            await ((RelationalDatabaseCreator)creator).CreateTablesAsync();
        }

        await host.StartAsync();
        return new Orders(host);
    }

    /// <summary>Sends messages in one transaction, each with the id of its order or product as key.</summary>
    public async Task SendAsync(params IEnumerable<object> commands)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        var publisher = scope.ServiceProvider.GetRequiredService<IMessagePublisher>();
        foreach (var command in commands)
        {
            await (command switch
            {
                ReserveStock reserve => publisher.PublishAsync(reserve, KeyOf(reserve.OrderId)),
                ReleaseStock release => publisher.PublishAsync(release, KeyOf(release.OrderId)),
                CommitStock commit => publisher.PublishAsync(commit, KeyOf(commit.OrderId)),
                ProductChanged product => publisher.PublishAsync(product, KeyOf(product.ProductId)),
                _ => throw new ArgumentException($"{command} is not sent from here.", nameof(commands)),
            });
        }

        await scope.ServiceProvider.GetRequiredService<OrdersContext>().SaveChangesAsync();
    }

    /// <summary>Sends a command and waits for its answer, which must be of the type.</summary>
    public async Task<TAnswer> AskAsync<TAnswer>(object command)
    {
        var orderId = command switch
        {
            ReserveStock reserve => reserve.OrderId,
            ReleaseStock release => release.OrderId,
            _ => ((CommitStock)command).OrderId,
        };
        var before = To(orderId).Count;
        await SendAsync(command);
        return Assert.IsType<TAnswer>((await AnswersToAsync(orderId, before + 1))[before]);
    }

    /// <summary>Waits until an order has so many answers, and returns them.</summary>
    public async Task<IReadOnlyList<object>> AnswersToAsync(Guid orderId, int count)
    {
        await Eventually.TrueAsync(() => To(orderId).Count >= count, $"Order {orderId} did not get {count} answers", seconds: 60);
        return To(orderId);
    }

    /// <summary>What was told about an order.</summary>
    public IReadOnlyList<object> To(Guid orderId) => [.. All.Seen.Where(answer => OrderOf(answer) == orderId)];

    /// <summary>What was told about a product.</summary>
    public IReadOnlyList<StockChanged> Changes(Guid productId) => [.. All.Seen.OfType<StockChanged>().Where(change => change.ProductId == productId)];

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private static PublishOptions KeyOf(Guid id) => new() { PartitionKey = id.ToString() };

    private static Guid? OrderOf(object answer) => answer switch
    {
        StockReserved reserved => reserved.OrderId,
        StockRejected rejected => rejected.OrderId,
        StockReleased released => released.OrderId,
        StockCommitted committed => committed.OrderId,
        _ => null,
    };

    private sealed class OrdersContext(DbContextOptions<OrdersContext> options) : DbContext(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddMessaging();
    }

    private sealed class Answers
    {
        public ConcurrentQueue<object> Seen { get; } = [];
    }

    private sealed class AnswerHandler<TMessage>(Answers answers) : IMessageHandler<TMessage>
        where TMessage : class
    {
        public Task HandleAsync(TMessage message, MessageContext context, CancellationToken cancellationToken)
        {
            answers.Seen.Enqueue(message);
            return Task.CompletedTask;
        }
    }
}
