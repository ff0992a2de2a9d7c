using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Shop.Ordering.Placing;

/// <summary>
/// An order as a customer sends it. Everything is nullable so that a body with several faults is answered with all of them at once,
/// not with the first that the deserializer meets.
/// </summary>
public sealed record OrderDraft
{
    public const int MostLines = 100;

    [Required]
    [MinLength(1)]
    [MaxLength(MostLines)]
    public IReadOnlyList<LineDraft>? Lines { get; init; }

    [Required]
    public AddressDraft? ShippingAddress { get; init; }

    [Required]
    [StringLength(200, MinimumLength = 1)]
    [PlainText]
    [Description("What the payment provider gave the customer for this payment.")]
    public string? PaymentToken { get; init; }
}
