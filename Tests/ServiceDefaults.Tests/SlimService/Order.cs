using System.ComponentModel.DataAnnotations;

namespace Trellis.SlimService;

/// <summary>A body with rules.</summary>
public sealed record Order([Range(1, 100)] int Quantity, [Required, StringLength(60)] string? Customer);
