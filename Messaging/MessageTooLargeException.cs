namespace Trellis.Messaging;

/// <summary>A message is larger than the transport takes.</summary>
/// <param name="type">The message's type.</param>
/// <param name="size">Its size in bytes.</param>
/// <param name="limit">The limit in bytes.</param>
public sealed class MessageTooLargeException(string type, int size, int limit) : InvalidOperationException(
    $"A message of type '{type}' has {size} bytes; the limit is {limit} (Messaging:MaxMessageBytes). Publish a reference to the content instead.");
