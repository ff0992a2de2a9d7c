namespace Trellis.Messaging;

/// <summary>Lets this service handle messages again that it has handled before: to build a read model anew, or after a fault was mended. Only on Kafka, which keeps what was handled.</summary>
public interface IMessageReplay
{
    /// <summary>
    /// Puts copies of what was published from a place on, and until now, into this service's own queue, in their order; no other service gets them. A copy has an id of its own, so that the
    /// inbox lets it have its effect again, and its original's in the attribute <c>replayof</c>. What a handler must not do twice, it has to tell by that.
    /// </summary>
    /// <param name="type">The type of the messages, one that this service handles.</param>
    /// <param name="start">From where on.</param>
    /// <param name="cancellationToken">Ends the call; what was put there before stays.</param>
    /// <returns>How many.</returns>
    /// <exception cref="ArgumentException">This service does not handle the type, or there is no such partition.</exception>
    /// <exception cref="NotSupportedException">The broker keeps no message that was handled.</exception>
    Task<int> ReplayAsync(string type, ReplayStart start, CancellationToken cancellationToken = default);
}
