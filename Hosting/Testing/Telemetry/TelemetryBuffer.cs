namespace Trellis.Hosting.Testing;

/// <summary>The latest items, as many as fit into a number of bytes.</summary>
/// <param name="capacity">In bytes on the wire.</param>
internal sealed class TelemetryBuffer<T>(long capacity)
{
    /// <summary>What an item takes in memory beyond what its bytes on the wire say: without it, empty items would have no weight.</summary>
    private const int Overhead = 256;

    private readonly Lock _lock = new();
    private readonly Queue<(T Item, int Size)> _items = [];
    private long _size;
    private long _dropped;

    /// <summary>How many items had to make room.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public IReadOnlyList<T> Items
    {
        get
        {
            lock (_lock)
            {
                return [.. _items.Select(entry => entry.Item)];
            }
        }
    }

    public void Add(T item, int size)
    {
        lock (_lock)
        {
            _items.Enqueue((item, size + Overhead));
            _size += size + Overhead;
            while (_size > capacity && _items.TryDequeue(out var oldest))
            {
                _size -= oldest.Size;
                Interlocked.Increment(ref _dropped);
            }
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _items.Clear();
            (_size, _dropped) = (0, 0);
        }
    }
}
