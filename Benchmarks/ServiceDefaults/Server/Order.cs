using System.ComponentModel.DataAnnotations;

namespace Trellis.Benchmarks.Server;

/// <summary>The body of five fields, each with a rule; the peers have the same rules.</summary>
public sealed record Order
{
    [Required, StringLength(80, MinimumLength = 1)]
    public required string Product { get; init; }

    [Range(1, 100)]
    public required int Quantity { get; init; }

    [Required, RegularExpression("^[A-Z]{3}$")]
    public required string Currency { get; init; }

    [Required, StringLength(200, MinimumLength = 3)]
    public required string Address { get; init; }

    public required bool Gift { get; init; }
}
