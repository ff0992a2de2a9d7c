namespace Trellis.Messaging.Inbox;

/// <summary>The message can never be handled; it becomes a dead letter at once.</summary>
internal sealed class UnhandlableMessageException(string message, Exception? inner) : Exception(message, inner);
