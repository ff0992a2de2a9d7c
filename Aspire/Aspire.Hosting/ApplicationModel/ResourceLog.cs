using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The last lines of one resource, and those who read along.</summary>
/// <remarks>
/// Bounded on both sides: the backlog keeps the last lines, and a reader that is slower than the writer loses the oldest lines it has not
/// read; neither can make the AppHost grow without end.
/// </remarks>
internal sealed class ResourceLog
{
    private const int Capacity = 10_000;
    private const int BatchSize = 500;
    private readonly Lock _lock = new();
    private readonly Queue<LogLine> _backlog = new();
    private readonly List<Channel<LogLine>> _readers = [];
    private int _lineNumber;
    private bool _completed;

    /// <summary>Called when the first reader comes and when the last one leaves; set before anybody reads.</summary>
    public Action<bool>? ReadersChanged { get; init; }

    public bool HasReaders
    {
        get
        {
            lock (_lock)
            {
                return _readers.Count > 0;
            }
        }
    }

    public void Append(DateTimeOffset timestamp, string text, bool isError)
    {
        var content = string.Create(CultureInfo.InvariantCulture, $"{timestamp.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffffffZ} {text}");
        lock (_lock)
        {
            // Writing again after the end (a restart) opens the log again.
            _completed = false;
            var line = new LogLine(++_lineNumber, content, isError);
            _backlog.Enqueue(line);
            if (_backlog.Count > Capacity)
            {
                _backlog.Dequeue();
            }

            foreach (var reader in _readers)
            {
                reader.Writer.TryWrite(line);
            }
        }
    }

    public void Complete()
    {
        lock (_lock)
        {
            _completed = true;
            foreach (var reader in _readers)
            {
                reader.Writer.TryComplete();
            }
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _backlog.Clear();
        }
    }

    public async IAsyncEnumerable<IReadOnlyList<LogLine>> ReadAsync(bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<LogLine>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        LogLine[] backlog;
        lock (_lock)
        {
            backlog = [.. _backlog];
            if (follow && !_completed)
            {
                _readers.Add(channel);
                if (_readers.Count == 1)
                {
                    ReadersChanged?.Invoke(true);
                }
            }
            else
            {
                channel.Writer.Complete();
            }
        }

        try
        {
            foreach (var chunk in backlog.Chunk(BatchSize))
            {
                yield return chunk;
            }

            while (await channel.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                var batch = new List<LogLine>();
                while (batch.Count < BatchSize && channel.Reader.TryRead(out var line))
                {
                    batch.Add(line);
                }

                yield return batch;
            }
        }
        finally
        {
            lock (_lock)
            {
                if (_readers.Remove(channel) && _readers.Count == 0)
                {
                    ReadersChanged?.Invoke(false);
                }
            }
        }
    }
}
