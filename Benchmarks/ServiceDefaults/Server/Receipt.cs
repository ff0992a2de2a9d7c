namespace Trellis.Benchmarks.Server;

internal sealed record Receipt(string Product, int Quantity, string Status);
