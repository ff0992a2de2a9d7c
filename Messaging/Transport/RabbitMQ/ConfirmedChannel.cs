using System.Collections.Concurrent;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Trellis.Messaging.Transport.RabbitMQ;

/// <summary>
/// A channel on which everything published is confirmed. Sends are one after the other, so that order is kept; batches wait for their confirms at the
/// same time. The client's own tracking waits for each message, or leaves the order of those that are not waited for to chance.
/// </summary>
internal sealed class ConfirmedChannel : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly Dictionary<ulong, (Batch Batch, string? Id)> _pending = [];
    private readonly HashSet<string> _returned = [];
    private readonly ConcurrentDictionary<string, bool> _declared = new(StringComparer.Ordinal);
    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private ulong _lowest = 1;
    private ulong _sent;
    private Exception? _closed;
    private Exception? _blocked;

    private ConfirmedChannel(IConnection connection, IChannel channel)
    {
        (_connection, _channel) = (connection, channel);
        channel.BasicAcksAsync += (_, ack) => Settle(ack.DeliveryTag, ack.Multiple, failure: null);
        channel.BasicNacksAsync += (_, nack) => Settle(nack.DeliveryTag, nack.Multiple, new IOException("The broker could not store a message"));
        channel.BasicReturnAsync += OnReturnedAsync;
        channel.ChannelShutdownAsync += (_, end) => CloseAsync(ReasonOf(end));
        connection.ConnectionShutdownAsync += (_, end) => CloseAsync(ReasonOf(end));

        // It reads nothing more until it has room: what was sent may still be stored then, what is sent now would wait.
        connection.ConnectionBlockedAsync += (_, blocked) => BlockAsync(new IOException($"The broker takes nothing at present: {blocked.Reason}"));
        connection.ConnectionUnblockedAsync += (_, _) => BlockAsync(null);
    }

    public bool IsOpen => _closed is null && _channel.IsOpen;

    /// <summary>Why the broker takes nothing, if it does not.</summary>
    public Exception? Blocked => _blocked;

    public static async Task<ConfirmedChannel> OpenAsync(RabbitConnections connections, CancellationToken cancellationToken)
    {
        var connection = await connections.OpenAsync(cancellationToken);
        try
        {
            var channel = await connection.CreateChannelAsync(
                new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false), cancellationToken);
            await RabbitTopology.DeclareExchangesAsync(channel, cancellationToken);
            return new ConfirmedChannel(connection, channel);
        }
        catch
        {
            await RabbitConnections.CloseAsync(connection);
            throw;
        }
    }

    /// <summary>Makes sure that messages of these types are kept although nobody has subscribed to them.</summary>
    public async Task PrepareAsync(IEnumerable<string> types, CancellationToken cancellationToken)
    {
        foreach (var type in types)
        {
            if (!_declared.ContainsKey(type))
            {
                await RabbitTopology.DeclareUnroutedAsync(_channel, type, cancellationToken);
                _declared[type] = true;
            }
        }
    }

    /// <summary>Publishes all in this order; done when the broker has confirmed them.</summary>
    public async Task PublishAsync(IReadOnlyList<Parcel> parcels, CancellationToken cancellationToken)
    {
        var batch = new Batch(parcels.Count);
        await _sending.WaitAsync(cancellationToken);
        try
        {
            foreach (var parcel in parcels)
            {
                Expect(batch, parcel);
                await SendAsync(parcel, cancellationToken);
            }
        }
        finally
        {
            _sending.Release();
        }

        await batch.Confirmed.Task.WaitAsync(cancellationToken);
    }

    private void Expect(Batch batch, Parcel parcel)
    {
        lock (_lock)
        {
            if ((_closed ?? _blocked) is { } reason)
            {
                throw new IOException(reason.Message, reason);
            }

            _pending[++_sent] = (batch, parcel.Properties.MessageId);
        }
    }

    private async Task SendAsync(Parcel parcel, CancellationToken cancellationToken)
    {
        try
        {
            await _channel.BasicPublishAsync(parcel.Exchange, parcel.RoutingKey, mandatory: true, parcel.Properties, parcel.Body, cancellationToken);
        }
        catch (Exception failure)
        {
            // The numbers of what was sent and what was counted may differ from here on.
            await CloseAsync(failure);
            throw;
        }
    }

    /// <summary>Opens another channel beside this one.</summary>
    public Task<IChannel> OpenChannelAsync(CancellationToken cancellationToken)
        => _closed is null ? _connection.CreateChannelAsync(cancellationToken: cancellationToken) : throw new IOException(_closed.Message, _closed);

    public async ValueTask DisposeAsync()
    {
        await CloseAsync(new IOException("The connection was closed"));
        await RabbitConnections.CloseAsync(_connection);
        _sending.Dispose();
    }

    // What the broker says about the message is not absence: it would say so again.
    private static Exception ReasonOf(ShutdownEventArgs end) => end.ReplyCode is Constants.PreconditionFailed or Constants.ContentTooLarge
        ? new InvalidOperationException($"RabbitMQ refuses a message: {end.ReplyText}")
        : new IOException($"{end.ReplyCode} {end.ReplyText}");

    private Task OnReturnedAsync(object sender, BasicReturnEventArgs returned)
    {
        // Before the confirm, which the broker sends all the same.
        lock (_lock)
        {
            _returned.Add(returned.BasicProperties.MessageId ?? string.Empty);
            _declared.Clear();
        }

        return Task.CompletedTask;
    }

    private Task Settle(ulong tag, bool multiple, Exception? failure)
    {
        lock (_lock)
        {
            for (var number = multiple ? _lowest : tag; number <= tag; number++)
            {
                if (_pending.Remove(number, out var sent))
                {
                    var outcome = sent.Id is { } id && _returned.Remove(id) ? new IOException("The broker has no queue for a message") : failure;
                    sent.Batch.Settle(outcome);
                }
            }

            while (_lowest <= _sent && !_pending.ContainsKey(_lowest))
            {
                _lowest++;
            }
        }

        return Task.CompletedTask;
    }

    private Task BlockAsync(Exception? reason)
    {
        lock (_lock)
        {
            _blocked = reason;
            if (reason is not null)
            {
                FailPending(reason);
            }
        }

        return Task.CompletedTask;
    }

    private Task CloseAsync(Exception reason)
    {
        lock (_lock)
        {
            _closed ??= reason;
            FailPending(_closed);
        }

        return Task.CompletedTask;
    }

    private void FailPending(Exception reason)
    {
        foreach (var (batch, _) in _pending.Values)
        {
            batch.Fail(reason);
        }

        _pending.Clear();
    }

    /// <summary>What is to be published, and where.</summary>
    internal readonly record struct Parcel(string Exchange, string RoutingKey, BasicProperties Properties, ReadOnlyMemory<byte> Body);

    private sealed class Batch(int count)
    {
        private int _left = count;
        private Exception? _failure;

        public TaskCompletionSource Confirmed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Settle(Exception? failure)
        {
            _failure ??= failure;
            if (--_left == 0)
            {
                if (_failure is null)
                {
                    Confirmed.TrySetResult();
                }
                else
                {
                    Confirmed.TrySetException(_failure);
                }
            }
        }

        public void Fail(Exception failure)
        {
            if (Confirmed.TrySetException(failure))
            {
                _ = Confirmed.Task.Exception;
            }
        }
    }
}
