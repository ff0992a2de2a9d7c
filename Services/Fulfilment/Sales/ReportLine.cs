namespace Shop.Fulfilment.Sales;

/// <summary>What was sold of a product on a day, in one currency.</summary>
internal sealed record ReportLine
{
    public required Guid ProductId { get; init; }

    public required string Product { get; init; }

    public required string Currency { get; init; }

    public required long Orders { get; init; }

    public required long Pieces { get; init; }

    /// <summary>In minor units.</summary>
    public required decimal Revenue { get; init; }
}
