using System.ComponentModel.DataAnnotations;

namespace Trellis.SampleService;

/// <summary>A body with rules.</summary>
public sealed record Order([Required, StringLength(20)] string? Product, [Range(1, 100)] int Quantity, [Required] Place? To);
