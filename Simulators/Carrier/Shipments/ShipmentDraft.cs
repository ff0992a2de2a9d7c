using System.ComponentModel.DataAnnotations;

namespace Shop.Simulators.Carrier.Shipments;

/// <summary>What a sender hands over.</summary>
public sealed record ShipmentDraft
{
    [Required]
    [StringLength(100, MinimumLength = 1)]
    public string? Reference { get; init; }

    [Required]
    [MinLength(1)]
    public IReadOnlyList<DraftLine>? Lines { get; init; }

    [Required]
    public DraftAddress? Address { get; init; }

    /// <summary>Pieces of a product.</summary>
    public sealed record DraftLine(Guid ProductId, [property: Range(1, int.MaxValue)] int Quantity);

    /// <summary>Where to.</summary>
    public sealed record DraftAddress(string Name, string Street, string PostalCode, string City, string Country);
}
