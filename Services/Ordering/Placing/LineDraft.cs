using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Shop.Ordering.Placing;

/// <summary>A product in an order, as a customer sends it.</summary>
public sealed record LineDraft
{
    public const int MostPieces = 1000;

    [Required]
    public Guid? ProductId { get; init; }

    [Required]
    [Range(1, MostPieces)]
    public int? Quantity { get; init; }

    [Description("The price that the customer has seen. If it is not the price any more, the order is refused.")]
    public PriceDraft? UnitPrice { get; init; }
}
