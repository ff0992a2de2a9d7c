using System.Threading.Channels;
using Shop.Ordering.Reading;

namespace Shop.Ordering.Watching;

/// <summary>
/// What one watcher has been offered: the newest row, which has every status in it. However slow a watcher is, it takes no more memory than that.
/// </summary>
internal sealed class OrderSubscription(Guid orderId, Action<OrderSubscription> leave) : IDisposable
{
    private readonly Channel<OrderRow> _newest = Channel.CreateBounded<OrderRow>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    public Guid OrderId => orderId;

    /// <summary>Offers the order as it is; one that was offered before does no harm.</summary>
    public void Offer(OrderRow row) => _newest.Writer.TryWrite(row);

    /// <summary>Waits for the next offer.</summary>
    public ValueTask<OrderRow> NextAsync(CancellationToken cancellationToken) => _newest.Reader.ReadAsync(cancellationToken);

    public void Dispose() => leave(this);
}
