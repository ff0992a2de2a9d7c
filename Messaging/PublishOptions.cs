namespace Trellis.Messaging;

/// <summary>What a publisher may say about a message beside its content.</summary>
public sealed record PublishOptions
{
    /// <summary>
    /// Messages with the same key are handled one after the other, in the order in which their transactions committed; usually the id of
    /// what the message is about. Without a key there is no order. At most 200 characters. CloudEvents extension <c>partitionkey</c>.
    /// </summary>
    public string? PartitionKey { get; init; }

    /// <summary>Not to be handled before this time. Such a message stands outside the order of its key.</summary>
    public DateTimeOffset? DeliverAt { get; init; }

    /// <summary>What the message belongs to, such as an order. By default that of the message being handled. Extension <c>correlationid</c>.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>What made it happen. By default the id of the message being handled. Extension <c>causationid</c>.</summary>
    public string? CausationId { get; init; }
}
