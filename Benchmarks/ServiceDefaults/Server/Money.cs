namespace Trellis.Benchmarks.Server;

internal sealed record Money(int Amount, string Currency);
