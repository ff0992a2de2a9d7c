namespace Trellis.Messaging.Inbox;

/// <summary>A row of the inbox: a message that has taken effect.</summary>
internal sealed class InboxMessage
{
    public required string Group { get; init; }

    public required Guid MessageId { get; init; }

    public DateTimeOffset HandledAt { get; init; }
}
