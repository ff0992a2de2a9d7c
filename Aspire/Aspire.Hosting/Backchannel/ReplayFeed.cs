using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Aspire.Hosting.Backchannel;

/// <summary>A sequence that every reader gets from its beginning, whenever it comes.</summary>
/// <param name="limit">How many items are kept for readers that come later or read slowly; older ones are dropped. Null keeps all.</param>
internal sealed class ReplayFeed<T>(int? limit = null)
{
    private readonly Lock _lock = new();
    private readonly Queue<T> _kept = new();
    private readonly List<Channel<T>> _readers = [];
    private bool _complete;

    public void Add(T item)
    {
        lock (_lock)
        {
            if (_complete)
            {
                return;
            }

            _kept.Enqueue(item);
            if (_kept.Count > limit)
            {
                _kept.Dequeue();
            }

            _readers.ForEach(reader => reader.Writer.TryWrite(item));
        }
    }

    /// <summary>Nothing follows any more: readers come to the end.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _complete = true;
            _readers.ForEach(reader => reader.Writer.TryComplete());
        }
    }

    /// <summary>Reads from the beginning until the end or until it is cancelled, which is an end like any other.</summary>
    public async IAsyncEnumerable<T> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Open();
        try
        {
            while (await HasMoreAsync(channel.Reader, cancellationToken))
            {
                while (channel.Reader.TryRead(out var item))
                {
                    yield return item;
                }
            }
        }
        finally
        {
            lock (_lock)
            {
                _readers.Remove(channel);
            }
        }
    }

    private static async Task<bool> HasMoreAsync(ChannelReader<T> reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.WaitToReadAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private Channel<T> Open()
    {
        var channel = limit is { } capacity
            ? Channel.CreateBounded<T>(new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest })
            : Channel.CreateUnbounded<T>();
        lock (_lock)
        {
            foreach (var item in _kept)
            {
                channel.Writer.TryWrite(item);
            }

            if (_complete)
            {
                channel.Writer.TryComplete();
            }

            _readers.Add(channel);
        }

        return channel;
    }
}
