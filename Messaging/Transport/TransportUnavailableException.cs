namespace Trellis.Messaging.Transport;

/// <summary>The transport does not answer. Nothing is said about the messages; they are worth another try.</summary>
internal sealed class TransportUnavailableException(string message, Exception inner) : Exception(message, inner)
{
    /// <summary>Whether the broker has forgotten everything, subscriptions included.</summary>
    public bool LostSubscriptions { get; init; }
}
