using System.Collections.Concurrent;

namespace Trellis.ServiceDefaults.Health;

internal sealed class StartupGate : IStartupGate
{
    private readonly ConcurrentDictionary<Release, string> _holds = new();

    public IReadOnlyCollection<string> Waiting => [.. _holds.Values.Order(StringComparer.Ordinal)];

    public IDisposable Hold(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var hold = new Release(this);
        _holds[hold] = name;
        return hold;
    }

    private sealed class Release(StartupGate gate) : IDisposable
    {
        public void Dispose() => gate._holds.TryRemove(this, out _);
    }
}
