namespace Trellis.Messaging.Transport;

/// <summary>What outbox and inbox need of a broker, and no more.</summary>
internal interface IMessageTransport
{
    /// <summary>The name in OpenTelemetry's <c>messaging.system</c>.</summary>
    string System { get; }

    /// <summary>Asks whether the broker is there.</summary>
    /// <exception cref="TransportUnavailableException">It does not answer, or refuses this service.</exception>
    Task PingAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Stores messages durably for every group that subscribed to their types; messages of one key stay in the order of the list. Done
    /// when the broker has confirmed all of them.
    /// </summary>
    /// <returns>Why the broker will never take a message, by the message's index; empty when it took all.</returns>
    /// <exception cref="TransportUnavailableException">Any part of the list may have been stored, in order within each key.</exception>
    Task<IReadOnlyDictionary<int, string>> PublishAsync(IReadOnlyList<TransportMessage> messages, CancellationToken cancellationToken);

    /// <summary>
    /// Subscribes a group to types, and opens a receiver for one member of the group. A group gets what was published after its first
    /// subscription, and what no group had subscribed to before.
    /// </summary>
    /// <exception cref="TransportUnavailableException">The broker does not answer.</exception>
    Task<IMessageReceiver> SubscribeAsync(string group, IReadOnlyCollection<string> types, CancellationToken cancellationToken);

    /// <summary>What lies in the dead letters of a group, the oldest first.</summary>
    Task<IReadOnlyList<DeadLetter>> ReadDeadLettersAsync(string group, int limit, CancellationToken cancellationToken);

    /// <summary>Puts dead letters back at the end of their group's queue, with no attempts counted.</summary>
    /// <returns>How many.</returns>
    Task<int> RedriveAsync(string group, IReadOnlyCollection<Guid>? messageIds, CancellationToken cancellationToken);

    /// <summary>Gives a group copies of messages that it may have had before, with ids of their own.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="NotSupportedException">The broker keeps no message that was handled.</exception>
    Task<int> ReplayAsync(string group, string type, ReplayStart start, CancellationToken cancellationToken)
        => throw new NotSupportedException($"The broker ({System}) keeps no message that was handled; only Kafka does.");
}
