using Microsoft.Extensions.Logging;

namespace Trellis.Hosting.Processes.Garnet;

/// <summary>Writes Garnet's warnings and errors to standard error, each on one line and an exception as its message alone.</summary>
internal sealed class PlainLog : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Warning and not LogLevel.None;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            var message = formatter(state, exception);
            Console.Error.WriteLine((exception is null ? message : $"{message} {exception.Message}").ReplaceLineEndings(" "));
        }
    }

    public void Dispose()
    {
        // Nothing is open.
    }
}
