using System.Collections.Concurrent;

namespace Trellis.ServiceDefaults.Health;

internal sealed class StartupGate : IStartupGate
{
    private readonly ConcurrentDictionary<Release, string> _holds = new();

    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private volatile int _held;

    /// <summary>Whether nothing is waited for. Asked for each request, so it takes no lock.</summary>
    public bool IsOpen => _held == 0;

    public IReadOnlyCollection<string> Waiting => [.. _holds.Values.Order(StringComparer.Ordinal)];

    /// <summary>Waits until nothing is waited for. Once open, the gate stays open for whoever waits here.</summary>
    public Task OpenAsync(CancellationToken cancellationToken) => IsOpen ? Task.CompletedTask : _opened.Task.WaitAsync(cancellationToken);

    public IDisposable Hold(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var hold = new Release(this);
        _holds[hold] = name;
        Interlocked.Increment(ref _held);
        return hold;
    }

    private sealed class Release(StartupGate gate) : IDisposable
    {
        public void Dispose()
        {
            if (gate._holds.TryRemove(this, out _) && Interlocked.Decrement(ref gate._held) == 0)
            {
                gate._opened.TrySetResult();
            }
        }
    }
}
