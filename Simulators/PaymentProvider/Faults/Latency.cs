using System.ComponentModel.DataAnnotations;

namespace Shop.Simulators.PaymentProvider.Faults;

/// <summary>How long answers take: a log-normal distribution, as those of real providers come close to.</summary>
public sealed record Latency : IValidatableObject
{
    /// <summary>In milliseconds; half of the answers take longer.</summary>
    [Range(0.0, 60_000.0)]
    public double MedianMs { get; init; }

    /// <summary>In milliseconds; one answer of a hundred takes longer.</summary>
    [Range(0.0, 60_000.0)]
    public double P99Ms { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (P99Ms < MedianMs)
        {
            yield return new ValidationResult("The field P99Ms must not be less than MedianMs.", [nameof(P99Ms)]);
        }
    }
}
