using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The log of every resource: what it writes itself and what the AppHost writes about it.</summary>
public class ResourceLoggerService : IDisposable
{
    private readonly ConcurrentDictionary<string, ResourceLog> _logs = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<Channel<LogSubscriber>, bool> _watchers = new();
    private readonly CancellationTokenSource _disposed = new();

    /// <summary>A logger that writes to the log of a resource, of all its instances where it has several.</summary>
    public ILogger GetLogger(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return new ResourceLogger(() => resource.GetInstanceIds().Select(LogOf));
    }

    /// <summary>A logger that writes to the log of one instance.</summary>
    public ILogger GetLogger(string resourceName)
    {
        ArgumentNullException.ThrowIfNull(resourceName);
        return new ResourceLogger(() => [LogOf(resourceName)]);
    }

    /// <summary>The log so far and every further line, in batches, until the log is complete.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource) => WatchAsync(resource.GetInstanceIds()[0]);

    /// <summary>The log so far and every further line, in batches, until the log is complete.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName) => Until(LogOf(resourceName), follow: true);

    /// <summary>The log so far, in batches.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(IResource resource) => GetAllAsync(resource.GetInstanceIds()[0]);

    /// <summary>The log so far, in batches.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(string resourceName) => Until(LogOf(resourceName), follow: false);

    /// <summary>Tells of every resource whether somebody reads along in its log: at once of those where somebody does, then every change.</summary>
    public async IAsyncEnumerable<LogSubscriber> WatchAnySubscribersAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposed.Token);
        var channel = Channel.CreateUnbounded<LogSubscriber>();
        _watchers[channel] = true;
        try
        {
            foreach (var (name, _) in _logs.Where(log => log.Value.HasReaders))
            {
                channel.Writer.TryWrite(new LogSubscriber(name, AnySubscribers: true));
            }

            var told = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            await foreach (var change in channel.Reader.ReadAllAsync(linked.Token).ConfigureAwait(false))
            {
                // Who came while this began is in the channel twice.
                if (change.AnySubscribers ? told.Add(change.Name) : told.Remove(change.Name))
                {
                    yield return change;
                }
            }
        }
        finally
        {
            _watchers.TryRemove(channel, out _);
        }
    }

    /// <summary>Says that nothing more will be written; those who watch come to an end.</summary>
    public void Complete(IResource resource)
    {
        foreach (var id in resource.GetInstanceIds())
        {
            Complete(id);
        }
    }

    /// <summary>Says that nothing more will be written; those who watch come to an end.</summary>
    public void Complete(string name) => LogOf(name).Complete();

    /// <summary>Forgets the lines so far.</summary>
    public void ClearBacklog(string resourceName) => LogOf(resourceName).Clear();

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends all watching.</summary>
    private protected virtual void Dispose(bool disposing)
    {
        if (disposing && !_disposed.IsCancellationRequested)
        {
            _disposed.Cancel();
        }
    }

    /// <summary>Adds a line that the resource wrote itself.</summary>
    /// <param name="resourceId">The instance.</param>
    /// <param name="timestamp">When it was written.</param>
    /// <param name="text">One line, without its end.</param>
    /// <param name="isError">Whether it was written to standard error.</param>
    internal void Append(string resourceId, DateTimeOffset timestamp, string text, bool isError) => LogOf(resourceId).Append(timestamp, text, isError);

    private ResourceLog LogOf(string id) => _logs.GetOrAdd(id, name => new ResourceLog { ReadersChanged = any => TellWatchers(new LogSubscriber(name, any)) });

    private void TellWatchers(LogSubscriber change)
    {
        foreach (var watcher in _watchers.Keys)
        {
            watcher.Writer.TryWrite(change);
        }
    }

    private async IAsyncEnumerable<IReadOnlyList<LogLine>> Until(
        ResourceLog log,
        bool follow,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposed.Token);
        await foreach (var batch in log.ReadAsync(follow, linked.Token).ConfigureAwait(false))
        {
            yield return batch;
        }
    }

    private sealed class ResourceLogger(Func<IEnumerable<ResourceLog>> logs) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
            {
                return;
            }

            var text = formatter(state, exception) + (exception is null ? string.Empty : Environment.NewLine + exception);
            var now = TimeProvider.System.GetUtcNow();
            foreach (var log in logs())
            {
                foreach (var line in text.Split('\n'))
                {
                    log.Append(now, line.TrimEnd('\r'), isError: logLevel >= LogLevel.Error);
                }
            }
        }
    }
}
