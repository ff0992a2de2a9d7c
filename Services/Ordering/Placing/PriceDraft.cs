using System.ComponentModel.DataAnnotations;

namespace Shop.Ordering.Placing;

/// <summary>A price as a customer sends it: <c>{"amount": 24950, "currency": "EUR"}</c> is 249.50 euros.</summary>
public sealed record PriceDraft
{
    [Required]
    [Range(0L, 100_000_000_000L)]
    public long? Amount { get; init; }

    [Required]
    [RegularExpression("^[A-Z]{3}$", ErrorMessage = "The currency must be an ISO 4217 code, for example EUR.")]
    public string? Currency { get; init; }
}
