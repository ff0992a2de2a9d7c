using System.ComponentModel.DataAnnotations;

namespace Trellis.SampleService;

/// <summary>A part of a body, with rules of its own.</summary>
public sealed record Place([RegularExpression("^[A-Z]{2}$")] string? Country);
