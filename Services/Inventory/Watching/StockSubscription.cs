using System.Threading.Channels;
using Shop.Inventory.Stock;

namespace Shop.Inventory.Watching;

/// <summary>
/// What one watcher has not been told yet: of each product only the newest level. However slow a watcher is, it takes no more memory than that.
/// </summary>
internal sealed class StockSubscription(IReadOnlyCollection<Guid> productIds, Action<StockSubscription> leave) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, long> _offered = productIds.ToDictionary(id => id, _ => -1L);
    private readonly Dictionary<Guid, StockItem> _waiting = [];
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public IReadOnlyCollection<Guid> ProductIds => productIds;

    /// <summary>Takes what is watched and newer than what was offered before.</summary>
    public void Offer(IReadOnlyDictionary<Guid, StockItem> levels)
    {
        lock (_lock)
        {
            foreach (var id in productIds)
            {
                if (levels.TryGetValue(id, out var item) && item.Version > _offered[id])
                {
                    _offered[id] = item.Version;
                    _waiting[id] = item;
                }
            }

            if (_waiting.Count > 0)
            {
                _wake.Writer.TryWrite(true);
            }
        }
    }

    /// <summary>Waits until there may be something to take.</summary>
    public async Task<bool> WaitAsync(CancellationToken cancellationToken) => await _wake.Reader.ReadAsync(cancellationToken);

    public IReadOnlyList<StockItem> Take()
    {
        lock (_lock)
        {
            StockItem[] items = [.. _waiting.Values];
            _waiting.Clear();
            return items;
        }
    }

    public void Dispose() => leave(this);
}
