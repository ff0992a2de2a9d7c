using System.ComponentModel.DataAnnotations;

namespace Shop.Simulators.PaymentProvider.Charges;

/// <summary>What a caller wants charged.</summary>
public sealed record ChargeDraft
{
    [Required]
    [StringLength(100, MinimumLength = 1)]
    public string? Reference { get; init; }

    [Required]
    [Range(1L, 99_999_999_999L)]
    public long? Amount { get; init; }

    [Required]
    [RegularExpression("[A-Z]{3}", ErrorMessage = "The field Currency must be an ISO 4217 code such as EUR.")]
    public string? Currency { get; init; }

    [Required]
    [RegularExpression("tok_[A-Za-z0-9_-]{1,100}", ErrorMessage = "The field Token must be a token such as tok_visa.")]
    public string? Token { get; init; }
}
