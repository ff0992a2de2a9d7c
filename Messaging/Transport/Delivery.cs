namespace Trellis.Messaging.Transport;

/// <summary>A message in the hands of a consumer, until it is completed, retried, released or made a dead letter.</summary>
/// <param name="Message">The message.</param>
/// <param name="Attempts">How often it was handed out, this time included.</param>
/// <param name="Receipt">What the transport needs to find it again.</param>
internal sealed record Delivery(TransportMessage Message, int Attempts, object Receipt);
