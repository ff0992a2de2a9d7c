namespace Trellis.Benchmarks.Messaging;

/// <summary>What one run of one contender showed.</summary>
/// <param name="Throughput">Messages a second, from the first send to the last arrival; for pgbench, commits a second.</param>
/// <param name="P50">Half of the messages arrived within this time from the commit to the handler, at 200 a second.</param>
/// <param name="P99">All but one in a hundred did.</param>
internal sealed record Measurement(double Throughput, TimeSpan? P50 = null, TimeSpan? P99 = null);
