namespace Trellis.Messaging.Transport;

/// <summary>
/// One member of a consumer group. Each call may throw <see cref="TransportUnavailableException"/> while the broker is away; the receiver finds it again by itself.
/// What could not be settled may be settled later, or comes again.
/// </summary>
internal interface IMessageReceiver : IAsyncDisposable
{
    /// <summary>
    /// Waits for messages. Of one key, no other member of the group holds any; they come in order, and while one is held or waits for its
    /// retry, later ones may only come to the member that holds the earlier ones, after these.
    /// </summary>
    Task<IReadOnlyList<Delivery>> ReceiveAsync(int limit, CancellationToken cancellationToken);

    /// <summary>These have taken effect and are forgotten.</summary>
    Task CompleteAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken);

    /// <summary>This one failed; it comes again after the pause, before later ones of its key.</summary>
    Task RetryAsync(Delivery delivery, TimeSpan pause, CancellationToken cancellationToken);

    /// <summary>These come again, here or elsewhere, after the pause, as though they had not been handed out.</summary>
    Task ReleaseAsync(IReadOnlyList<Delivery> deliveries, TimeSpan pause, CancellationToken cancellationToken);

    /// <summary>Sets the message aside; later ones of its key go on.</summary>
    /// <returns>False when the message is no longer this member's.</returns>
    Task<bool> DeadLetterAsync(Delivery delivery, string reason, CancellationToken cancellationToken);

    /// <summary>Holds on to messages in hand.</summary>
    /// <returns>Those that are no longer this member's.</returns>
    Task<IReadOnlyList<Delivery>> RenewAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken);
}
