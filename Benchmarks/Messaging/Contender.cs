namespace Trellis.Benchmarks.Messaging;

/// <summary>Something that is measured.</summary>
/// <param name="Name">Its row in the table.</param>
/// <param name="Measure">Measures it once.</param>
/// <param name="Reference">The name of the contender to compare with, if there is one.</param>
internal sealed record Contender(string Name, Func<Task<Measurement>> Measure, string? Reference = null);
