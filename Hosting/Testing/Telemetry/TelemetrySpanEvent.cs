namespace Trellis.Hosting.Testing;

/// <summary>Something that happened in the course of a span.</summary>
/// <param name="Name">What happened; <c>exception</c> for exceptions.</param>
/// <param name="Time">When.</param>
/// <param name="Attributes">What is known of it.</param>
public sealed record TelemetrySpanEvent(string Name, DateTimeOffset Time, TelemetryAttributes Attributes);
