using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Shop.Fulfilment.Contract;
using Shop.Ordering.Contract;
using Trellis.Messaging;

namespace Shop.Fulfilment.Tests;

/// <summary>The other side of the messages: a service with a database of its own that sends commands and takes the answers.</summary>
internal sealed class Orders : IAsyncDisposable
{
    private readonly IHost _host;

    private Orders(IHost host) => _host = host;

    private ConcurrentQueue<(object Answer, MessageContext Context)> Seen => _host.Services.GetRequiredService<Answers>().Seen;

    public static async Task<Orders> StartAsync(PostgresServer postgres, string broker)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "orders" });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:broker"] = postgres.ConnectionString(broker),
            ["Messaging:PollInterval"] = "00:00:00.200",
            ["Messaging:Lease"] = "00:00:02",
        });
        var database = postgres.ConnectionString(await postgres.CreateDatabaseAsync());
        builder.Services.AddDbContext<OrdersContext>(options => options.UseNpgsql(database));
        builder.Services.AddSingleton<Answers>();
        builder.AddMessaging<OrdersContext>(messages => messages
            .Publish<ShipOrder>().Publish<CancelShipment>().Publish<OrderCompleted>()
            .Handle<OrderShipped, AnswerHandler<OrderShipped>>()
            .Handle<ShipmentFailed, AnswerHandler<ShipmentFailed>>()
            .Handle<ShipmentCancelled, AnswerHandler<ShipmentCancelled>>());
        var host = builder.Build();
        await using (var scope = host.Services.CreateAsyncScope())
        {
            var creator = scope.ServiceProvider.GetRequiredService<OrdersContext>().GetService<IDatabaseCreator>();
            await ((RelationalDatabaseCreator)creator).CreateTablesAsync();
        }

        await host.StartAsync();
        return new Orders(host);
    }

    public static ShipOrder Ship(Guid order, string street = "Main Street 1", string country = "DE", int quantity = 2) =>
        new(order, [new ShipmentLine(Guid.NewGuid(), quantity)], new ShippingAddress("Ada", street, "10115", "Berlin", country));

    public static CancelShipment Cancel(Guid order) => new(order);

    public static OrderCompleted Completed(DateTimeOffset at, params (Guid Product, string Name, int Quantity, long Price, string Currency)[] lines) => new(
        Guid.NewGuid(),
        "somebody",
        [.. lines.Select(line => new CompletedLine(line.Product, line.Name, line.Quantity, new Money(line.Price, line.Currency)))],
        new Money(lines.Sum(line => line.Quantity * line.Price), lines[0].Currency),
        at);

    /// <summary>Sends messages in one transaction, each with the id of its order as key.</summary>
    public async Task SendAsync(params IEnumerable<object> messages)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        var publisher = scope.ServiceProvider.GetRequiredService<IMessagePublisher>();
        foreach (var message in messages)
        {
            await (message switch
            {
                ShipOrder ship => publisher.PublishAsync(ship, OptionsOf(ship.OrderId)),
                CancelShipment cancel => publisher.PublishAsync(cancel, OptionsOf(cancel.OrderId)),
                OrderCompleted completed => publisher.PublishAsync(completed, OptionsOf(completed.OrderId)),
                _ => throw new ArgumentException($"{message} is not sent from here.", nameof(messages)),
            });
        }

        await scope.ServiceProvider.GetRequiredService<OrdersContext>().SaveChangesAsync();
    }

    /// <summary>Sends a command and waits for its answer, which must be of the type.</summary>
    public async Task<TAnswer> AskAsync<TAnswer>(object command)
    {
        var order = command is ShipOrder ship ? ship.OrderId : ((CancelShipment)command).OrderId;
        var before = To(order).Count;
        await SendAsync(command);
        return Assert.IsType<TAnswer>((await AnswersToAsync(order, before + 1))[before]);
    }

    /// <summary>Waits until an order has so many answers, and returns them.</summary>
    public async Task<IReadOnlyList<object>> AnswersToAsync(Guid order, int count = 1)
    {
        await Eventually.TrueAsync(() => To(order).Count >= count, $"Order {order} did not get {count} answers", seconds: 120);
        return To(order);
    }

    /// <summary>What was told about an order, each message once, in the order in which it came.</summary>
    public IReadOnlyList<object> To(Guid order) => [.. Seen.Where(seen => OrderOf(seen.Answer) == order).DistinctBy(seen => seen.Context.Id).Select(seen => seen.Answer)];

    /// <summary>What is known of the answers beside their content.</summary>
    public IReadOnlyList<MessageContext> ContextsOf(Guid order) => [.. Seen.Where(seen => OrderOf(seen.Answer) == order).Select(seen => seen.Context)];

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private static PublishOptions OptionsOf(Guid order) => new() { PartitionKey = order.ToString(), CorrelationId = order.ToString() };

    private static Guid OrderOf(object answer) => answer switch
    {
        OrderShipped shipped => shipped.OrderId,
        ShipmentFailed failed => failed.OrderId,
        _ => ((ShipmentCancelled)answer).OrderId,
    };

    private sealed class OrdersContext(DbContextOptions<OrdersContext> options) : DbContext(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddMessaging();
    }

    private sealed class Answers
    {
        public ConcurrentQueue<(object Answer, MessageContext Context)> Seen { get; } = [];
    }

    private sealed class AnswerHandler<TMessage>(Answers answers) : IMessageHandler<TMessage>
        where TMessage : class
    {
        public Task HandleAsync(TMessage message, MessageContext context, CancellationToken cancellationToken)
        {
            answers.Seen.Enqueue((message, context));
            return Task.CompletedTask;
        }
    }
}
