using System.Runtime.CompilerServices;
using Aspire.Hosting.Dashboard.Wire;

namespace Aspire.Hosting.Dashboard;

/// <summary>
/// One watcher's view of the resources. Changes wait per resource and a newer one replaces an older one that was not read yet, so a watcher that
/// reads slowly misses intermediate states but never the last one, and costs no more memory than there are resources.
/// </summary>
internal sealed class ResourceSubscription(IReadOnlyList<Wire.Resource> initial, Action<ResourceSubscription> unsubscribe) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _changed = new(0, 1);
    private Dictionary<string, WatchResourcesChange> _pending = new(StringComparer.Ordinal);

    /// <summary>Gets the resources at the moment of the subscription.</summary>
    public IReadOnlyList<Wire.Resource> Initial { get; } = initial;

    /// <summary>Notes a change for the reader.</summary>
    public void Add(string resourceId, WatchResourcesChange change)
    {
        lock (_gate)
        {
            _pending[resourceId] = change;
            if (_changed.CurrentCount == 0)
            {
                _changed.Release();
            }
        }
    }

    /// <summary>Waits for changes and hands over all that there are; ends with <paramref name="cancellationToken"/> only.</summary>
    public async IAsyncEnumerable<IReadOnlyCollection<WatchResourcesChange>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            await _changed.WaitAsync(cancellationToken);
            Dictionary<string, WatchResourcesChange> changes;
            lock (_gate)
            {
                (changes, _pending) = (_pending, new(StringComparer.Ordinal));
            }

            if (changes.Count > 0)
            {
                yield return changes.Values;
            }
        }
    }

    public void Dispose()
    {
        unsubscribe(this);
        _changed.Dispose();
    }
}
