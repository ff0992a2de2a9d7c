using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Backchannel;

/// <summary>Keeps the AppHost's own log for the CLI that started it, which connects only after the first lines were written.</summary>
internal sealed class AppHostLog(TimeProvider time) : ILoggerProvider
{
    private const int KeptEntries = 1000;

    private readonly ReplayFeed<LogEntry> _entries = new(KeptEntries);

    private DateTimeOffset Now => time.GetUtcNow();

    public IAsyncEnumerable<LogEntry> WatchAsync(CancellationToken cancellationToken) => _entries.WatchAsync(cancellationToken);

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose() => _entries.Complete();

    private sealed class Logger(AppHostLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log._entries.Add(new LogEntry(eventId, logLevel, formatter(state, exception), log.Now, category));
    }
}
