using System.Globalization;
using System.Runtime.CompilerServices;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The last lines of one resource, and those who read along.</summary>
/// <remarks>
/// Bounded in lines and in characters. Readers keep no lines of their own, only their place: one that is slower than the writer loses the
/// oldest lines that it has not read, and neither can make the AppHost grow without end.
/// </remarks>
internal sealed class ResourceLog
{
    private const int Capacity = 10_000;
    private const int CharacterCapacity = 8_000_000;
    private const int BatchSize = 500;
    private readonly Lock _lock = new();
    private readonly Dictionary<int, LogLine> _lines = [];
    private int _first = 1;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _characters;
    private int _lineNumber;
    private bool _isAwaited;
    private bool _completed;

    /// <summary>Counts the times that the log was completed: whoever began to read before is done, also when it was opened again since.</summary>
    private int _completions;

    /// <summary>Those who follow the log.</summary>
    private int _readers;

    /// <summary>Called when the first reader comes and when the last one leaves; set before anybody reads.</summary>
    public Action<bool>? ReadersChanged { get; init; }

    public bool HasReaders
    {
        get
        {
            lock (_lock)
            {
                return _readers > 0;
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
            _lines[++_lineNumber] = new LogLine(_lineNumber, content, isError);
            _characters += content.Length;
            while (_lines.Count > Capacity || (_characters > CharacterCapacity && _lines.Count > 1))
            {
                _lines.Remove(_first++, out var oldest);
                _characters -= oldest.Content.Length;
            }

            Tell();
        }
    }

    public void Complete()
    {
        lock (_lock)
        {
            _completed = true;
            _completions++;
            Tell();
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _lines.Clear();
            (_first, _characters) = (_lineNumber + 1, 0);
        }
    }

    public async IAsyncEnumerable<IReadOnlyList<LogLine>> ReadAsync(bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (read, last, completions) = (0, 0, 0);
        lock (_lock)
        {
            // Who does not follow reads what is there now; so does who comes after the end.
            last = follow && !_completed ? int.MaxValue : _lineNumber;
            completions = _completions;
            Count(last == int.MaxValue ? 1 : 0);
        }

        try
        {
            while (true)
            {
                var (batch, changed) = Next(read, last, completions);
                if (batch.Count > 0)
                {
                    read = batch[^1].LineNumber;
                    yield return batch;
                }
                else if (changed is null)
                {
                    yield break;
                }
                else
                {
                    await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            lock (_lock)
            {
                Count(last == int.MaxValue ? -1 : 0);
            }
        }
    }

    private void Count(int readers)
    {
        var had = _readers > 0;
        _readers += readers;
        if (had != _readers > 0)
        {
            ReadersChanged?.Invoke(_readers > 0);
        }
    }

    /// <summary>The lines after one that was read, or, where there are none, what ends when there may be; null at the end.</summary>
    private (IReadOnlyList<LogLine> Batch, Task? Changed) Next(int read, int last, int completions)
    {
        lock (_lock)
        {
            var next = Math.Max(_first, read + 1);
            var count = Math.Clamp(Math.Min(last, _lineNumber) - next + 1, 0, BatchSize);
            LogLine[] batch = [.. Enumerable.Range(next, count).Select(number => _lines[number])];
            if (count > 0 || last != int.MaxValue || completions != _completions)
            {
                return (batch, null);
            }

            _isAwaited = true;
            return (batch, _changed.Task);
        }
    }

    private void Tell()
    {
        // Only when somebody waits: a flood of lines is not to make a flood of tasks.
        if (_isAwaited)
        {
            _isAwaited = false;
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
