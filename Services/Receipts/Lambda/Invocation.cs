namespace Shop.Receipts.Lambda;

/// <summary>One call of the function.</summary>
/// <param name="Id">What it is answered by.</param>
/// <param name="Deadline">When Lambda gives it up.</param>
/// <param name="TraceId">X-Ray's trace.</param>
/// <param name="Event">The event as it came.</param>
internal sealed record Invocation(string Id, DateTimeOffset? Deadline, string? TraceId, byte[] Event);
