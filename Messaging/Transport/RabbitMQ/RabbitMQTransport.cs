using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Trellis.Messaging.Transport.RabbitMQ;

/// <summary>RabbitMQ as broker: quorum queues, confirmed publishing, a few queues for each group between which keys are divided.</summary>
internal sealed class RabbitMQTransport(
    RabbitConnections connections, IOptions<MessagingOptions> options, TimeProvider time, ILogger<RabbitMQTransport> logger) : IMessageTransport, IAsyncDisposable
{
    private readonly SemaphoreSlim _opening = new(1);
    private ConfirmedChannel? _publisher;

    public string System => "rabbitmq";

    internal RabbitConnections Connections => connections;

    public Task PingAsync(CancellationToken cancellationToken) => CallAsync(
        async publisher =>
        {
            if (publisher.Blocked is { } blocked)
            {
                throw blocked;
            }

            await using var channel = await publisher.OpenChannelAsync(cancellationToken);
            return true;
        },
        cancellationToken);

    public async Task<IReadOnlyDictionary<int, string>> PublishAsync(IReadOnlyList<TransportMessage> messages, CancellationToken cancellationToken)
    {
        Dictionary<int, string> refused = [];
        List<ConfirmedChannel.Parcel> parcels = [];
        HashSet<string> types = [];
        for (var index = 0; index < messages.Count; index++)
        {
            if (RefusalOf(messages[index]) is { } reason)
            {
                refused[index] = reason;
                continue;
            }

            types.Add(messages[index].Type);
            parcels.Add(new ConfirmedChannel.Parcel(
                RabbitTopology.Exchange, RabbitTopology.RoutingKey(messages[index]), RabbitMessages.PropertiesOf(messages[index]), messages[index].Body));
        }

        if (parcels.Count > 0)
        {
            await CallAsync(
                async publisher =>
                {
                    await publisher.PrepareAsync(types, cancellationToken);
                    await publisher.PublishAsync(parcels, cancellationToken);
                    return true;
                },
                cancellationToken);
        }

        return refused;
    }

    public async Task<IMessageReceiver> SubscribeAsync(string group, IReadOnlyCollection<string> types, CancellationToken cancellationToken)
        => await RabbitReceiver.OpenAsync(this, group, types, options.Value, time, logger, cancellationToken);

    public Task<IReadOnlyList<DeadLetter>> ReadDeadLettersAsync(string group, int limit, CancellationToken cancellationToken)
        => CallAsync(publisher => RabbitDeadLetters.ReadAsync(publisher, group, limit, cancellationToken), cancellationToken);

    public Task<int> RedriveAsync(string group, IReadOnlyCollection<Guid>? messageIds, CancellationToken cancellationToken)
        => CallAsync(publisher => RabbitDeadLetters.RedriveAsync(publisher, group, messageIds, cancellationToken), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_publisher is { } publisher)
        {
            await publisher.DisposeAsync();
        }

        _opening.Dispose();
    }

    /// <summary>Publishes to known queues.</summary>
    internal Task PublishAsync(IReadOnlyList<ConfirmedChannel.Parcel> parcels, CancellationToken cancellationToken) => parcels.Count == 0
        ? Task.CompletedTask
        : CallAsync(
            async publisher =>
            {
                await publisher.PublishAsync(parcels, cancellationToken);
                return true;
            },
            cancellationToken);

    private Task<TResult> CallAsync<TResult>(Func<ConfirmedChannel, Task<TResult>> call, CancellationToken cancellationToken)
        => RabbitConnections.CallAsync(async () => await call(await PublisherAsync(cancellationToken)));

    private async Task<ConfirmedChannel> PublisherAsync(CancellationToken cancellationToken)
    {
        if (_publisher is { IsOpen: true } open)
        {
            return open;
        }

        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_publisher is { IsOpen: false } lost)
            {
                _publisher = null;
                await lost.DisposeAsync();
            }

            return _publisher ??= await ConfirmedChannel.OpenAsync(connections, cancellationToken);
        }
        finally
        {
            _opening.Release();
        }
    }

    private string? RefusalOf(TransportMessage message) => message switch
    {
        _ when message.Body.Length > options.Value.MaxMessageBytes
            => new MessageTooLargeException(message.Type, message.Body.Length, options.Value.MaxMessageBytes).Message,
        _ when !RabbitTopology.CanRoute(message.Type) => $"The type '{message.Type}' is longer than RabbitMQ's routing keys can be",
        _ when !RabbitMessages.Fits(message) => "The attributes are larger than RabbitMQ's frame for them",
        _ => null,
    };
}
