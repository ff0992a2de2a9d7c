using System.ComponentModel.DataAnnotations;

namespace Shop.Simulators.PaymentProvider.Charges;

/// <summary>What a caller wants given back.</summary>
public sealed record RefundDraft
{
    [Required]
    [Range(1L, 99_999_999_999L)]
    public long? Amount { get; init; }
}
