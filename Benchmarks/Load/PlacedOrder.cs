namespace Trellis.Benchmarks.Load;

/// <summary>What became of one order.</summary>
/// <param name="Id">The order; null if it was not accepted.</param>
/// <param name="Answer">What the POST was answered with: a status code, or the name of what went wrong.</param>
/// <param name="DueAt">When it was due, from the beginning of the run.</param>
/// <param name="Posting">From the moment when the order was due until the answer: a server that stalls does not hide the orders that wait for it.</param>
/// <param name="Status">The last status seen; null if the order was not accepted.</param>
/// <param name="ToFinal">From the first to the last entry of its timeline; null while it has not come to its end.</param>
/// <param name="EndedAt">The last entry of its timeline, likewise.</param>
public sealed record PlacedOrder(
    Guid? Id, string Answer, TimeSpan DueAt, TimeSpan Posting, string? Status = null, TimeSpan? ToFinal = null, DateTimeOffset? EndedAt = null);
