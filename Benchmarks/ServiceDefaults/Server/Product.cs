namespace Trellis.Benchmarks.Server;

internal sealed record Product(int Id, string Name, Money Price, bool Available, IReadOnlyList<string> Tags);
