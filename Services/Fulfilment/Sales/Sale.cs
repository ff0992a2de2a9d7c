using Shop.Ordering.Contract;

namespace Shop.Fulfilment.Sales;

/// <summary>A completed order, as far as reports need it: nobody's in particular.</summary>
public sealed class Sale
{
    public required Guid OrderId { get; init; }

    public required DateTimeOffset CompletedAt { get; init; }

    public required IReadOnlyList<CompletedLine> Lines { get; init; }
}
