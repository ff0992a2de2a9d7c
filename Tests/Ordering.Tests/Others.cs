using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Shop.Fulfilment.Contract;
using Shop.Inventory.Contract;
using Shop.Ordering.Contract;
using Shop.Payments.Contract;
using Trellis.Messaging;

namespace Shop.Ordering.Tests;

/// <summary>
/// Inventory, Payments and Fulfilment on the other side of the broker, with an outbox and an inbox of their own. They say what the test lets them say;
/// a command that <see cref="Serve"/> lets through gets the answer it hopes for.
/// </summary>
internal sealed class Others : IAsyncDisposable
{
    private readonly IHost _host;

    private readonly OrderingApp _ordering;
    private readonly string _database;

    private Others(IHost host, OrderingApp ordering, string database) => (_host, _ordering, _database) = (host, ordering, database);

    private Heard All => _host.Services.GetRequiredService<Heard>();

    public static async Task<Others> StartAsync(OrderingApp ordering)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "others" });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:broker"] = ordering.Postgres.ConnectionString(ordering.Broker),
            ["Messaging:PollInterval"] = "00:00:00.200",
            ["Messaging:Lease"] = "00:00:02",
        });
        var database = await ordering.Postgres.CreateDatabaseAsync();
        builder.Services.AddDbContext<OthersContext>(options => options.UseNpgsql(ordering.Postgres.ConnectionString(database)));
        builder.Services.AddSingleton<Heard>();
        builder.AddMessaging<OthersContext>(messages => Register(messages));
        var host = builder.Build();
        await using (var scope = host.Services.CreateAsyncScope())
        {
            var creator = scope.ServiceProvider.GetRequiredService<OthersContext>().GetService<IDatabaseCreator>();
            await ((RelationalDatabaseCreator)creator).CreateTablesAsync();
        }

        await host.StartAsync();
        return new Others(host, ordering, database);
    }

    /// <summary>From now on gives the commands for which it is true the answer that they hope for.</summary>
    public void Serve(Func<object, bool> answer) => All.Answer = answer;

    /// <summary>Sends messages, one transaction each, in this order.</summary>
    public async Task SayAsync(params IEnumerable<object> messages)
    {
        foreach (var message in messages)
        {
            await using var scope = _host.Services.CreateAsyncScope();
            await PublishAsync(scope.ServiceProvider.GetRequiredService<IMessagePublisher>(), message);
            await scope.ServiceProvider.GetRequiredService<OthersContext>().SaveChangesAsync();
        }
    }

    /// <summary>What Ordering has said about an order, in the order in which it came; what was delivered again counts once.</summary>
    public IReadOnlyList<object> About(Guid orderId) =>
        [.. All.Messages.Where(heard => OrderOf(heard.Message) == orderId).DistinctBy(heard => heard.Context.Id).Select(heard => heard.Message)];

    /// <summary>The trace ids of what Ordering has said about an order.</summary>
    public IReadOnlyList<string> TracesOf(Guid orderId) =>
        [.. All.Messages.Where(heard => OrderOf(heard.Message) == orderId).Select(heard => heard.Context.Headers["traceparent"].Split('-')[1])];

    /// <summary>Waits for a message about an order.</summary>
    public async Task<TMessage> HearsAsync<TMessage>(Guid orderId, int times = 1)
    {
        await Eventually.TrueAsync(() => About(orderId).OfType<TMessage>().Count() >= times, $"No {typeof(TMessage).Name} came {times} times for {orderId}");
        return About(orderId).OfType<TMessage>().ElementAt(times - 1);
    }

    /// <summary>Waits until nobody has anything left to send or to handle.</summary>
    public Task AllIsHandledAsync() => Eventually.TrueAsync(
        async () => (long)(await _ordering.Postgres.ExecuteAsync(_database, "SELECT count(*) FROM outbox_messages"))! == 0
            && (long)(await _ordering.Postgres.ExecuteAsync(_ordering.Database, "SELECT count(*) FROM outbox_messages WHERE deliver_at IS NULL"))! == 0
            && (long)(await _ordering.Postgres.ExecuteAsync(_ordering.Broker, "SELECT count(*) FROM trellis.deliveries"))! == 0,
        "Not everything was handled",
        seconds: 60);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private static MessagingBuilder Register(MessagingBuilder messages) => messages
        .Publish<StockReserved>().Publish<StockRejected>().Publish<StockReleased>().Publish<StockCommitted>()
        .Publish<PaymentCaptured>().Publish<PaymentDeclined>().Publish<PaymentRefunded>()
        .Publish<OrderShipped>().Publish<ShipmentFailed>().Publish<ShipmentCancelled>()
        .Handle<ReserveStock, Listener<ReserveStock>>().Handle<ReleaseStock, Listener<ReleaseStock>>().Handle<CommitStock, Listener<CommitStock>>()
        .Handle<CapturePayment, Listener<CapturePayment>>().Handle<RefundPayment, Listener<RefundPayment>>()
        .Handle<ShipOrder, Listener<ShipOrder>>().Handle<CancelShipment, Listener<CancelShipment>>()
        .Handle<OrderSubmitted, Listener<OrderSubmitted>>().Handle<OrderCompleted, Listener<OrderCompleted>>()
        .Handle<OrderCancelled, Listener<OrderCancelled>>().Handle<OrderRejected, Listener<OrderRejected>>();

    private static Guid OrderOf(object message) => (Guid)message.GetType().GetProperty("OrderId")!.GetValue(message)!;

    private static object? AnswerTo(object command) => command switch
    {
        ReserveStock reserve => new StockReserved(reserve.OrderId, TimeProvider.System.GetUtcNow().AddMinutes(30)),
        ReleaseStock release => new StockReleased(release.OrderId, Expired: false),
        CommitStock commit => new StockCommitted(commit.OrderId),
        CapturePayment capture => new PaymentCaptured(capture.OrderId, $"ch_{capture.OrderId:N}", capture.Amount),
        RefundPayment refund => new PaymentRefunded(refund.OrderId, new Payments.Contract.Money(0, "EUR")),
        ShipOrder ship => new OrderShipped(ship.OrderId, $"TRACK-{ship.OrderId:N}", TimeProvider.System.GetUtcNow()),
        CancelShipment cancel => new ShipmentCancelled(cancel.OrderId),
        _ => null,
    };

    private static Task PublishAsync(IMessagePublisher publisher, object message)
    {
        var key = new PublishOptions { PartitionKey = OrderOf(message).ToString(), CorrelationId = OrderOf(message).ToString() };
        return message switch
        {
            StockReserved reserved => publisher.PublishAsync(reserved, key),
            StockRejected rejected => publisher.PublishAsync(rejected, key),
            StockReleased released => publisher.PublishAsync(released, key),
            StockCommitted committed => publisher.PublishAsync(committed, key),
            PaymentCaptured captured => publisher.PublishAsync(captured, key),
            PaymentDeclined declined => publisher.PublishAsync(declined, key),
            PaymentRefunded refunded => publisher.PublishAsync(refunded, key),
            OrderShipped shipped => publisher.PublishAsync(shipped, key),
            ShipmentFailed failed => publisher.PublishAsync(failed, key),
            ShipmentCancelled cancelled => publisher.PublishAsync(cancelled, key),
            _ => throw new ArgumentException($"{message} is not sent from here.", nameof(message)),
        };
    }

    private sealed class OthersContext(DbContextOptions<OthersContext> options) : DbContext(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddMessaging();
    }

    private sealed class Heard
    {
        public ConcurrentQueue<(object Message, MessageContext Context)> Messages { get; } = [];

        public Func<object, bool> Answer { get; set; } = _ => false;
    }

    private sealed class Listener<TMessage>(Heard heard, IMessagePublisher publisher) : IMessageHandler<TMessage>
        where TMessage : class
    {
        public async Task HandleAsync(TMessage message, MessageContext context, CancellationToken cancellationToken)
        {
            heard.Messages.Enqueue((message, context));
            if (heard.Answer(message) && AnswerTo(message) is { } answer)
            {
                await PublishAsync(publisher, answer);
            }
        }
    }
}
