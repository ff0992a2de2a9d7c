using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>Keeps what the AppHost would print.</summary>
internal sealed class RecordedLog : ILoggerProvider
{
    private readonly ConcurrentQueue<(string Category, LogLevel Level, string Message)> _entries = new();

    public IEnumerable<(string Category, LogLevel Level, string Message)> Entries => _entries;

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _entries);

    public async Task<string> MessageAsync(LogLevel level, string beginning, CancellationToken cancellationToken)
    {
        string? message = null;
        await Wait.UntilAsync(
            () => (message = _entries.FirstOrDefault(entry =>
                entry.Level == level && entry.Message.StartsWith(beginning, StringComparison.Ordinal)).Message) is not null,
            $"Nothing was logged that begins with '{beginning}'",
            cancellationToken);
        return message!;
    }

    public void Dispose()
    {
    }

    private sealed class Logger(string category, ConcurrentQueue<(string Category, LogLevel Level, string Message)> entries) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            entries.Enqueue((category, logLevel, formatter(state, exception)));
    }
}
