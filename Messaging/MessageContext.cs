namespace Trellis.Messaging;

/// <summary>What is known about a message beside its content.</summary>
public sealed record MessageContext
{
    /// <summary>The id given by the publisher; the same each time the message comes.</summary>
    public required Guid Id { get; init; }

    /// <summary>The CloudEvents type, such as <c>shop.ordering.order-submitted.v1</c>.</summary>
    public required string Type { get; init; }

    /// <summary>How often the message was handed out, this time included; 1 the first time.</summary>
    public required int Attempts { get; init; }

    /// <summary>The CloudEvents attributes, extensions included, by name without a transport's prefix.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>When the publisher published it.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>The key within which order is kept.</summary>
    public string? PartitionKey { get; init; }

    /// <summary>What the message belongs to.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>What made it happen.</summary>
    public string? CausationId { get; init; }
}
