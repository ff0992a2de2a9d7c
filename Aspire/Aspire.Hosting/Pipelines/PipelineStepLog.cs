using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Pipelines;

/// <summary>Shows what is logged while a step runs, by whomever it calls, with the step.</summary>
internal sealed class PipelineStepLog(IConfiguration configuration) : ILoggerProvider
{
    private static readonly AsyncLocal<IReportingStep?> Current = new();

    private readonly bool _withDetails = configuration.GetValue("Pipeline:IncludeExceptionDetails", defaultValue: false);

    /// <summary>Shows what follows in this flow of control with the step, until the result is disposed.</summary>
    public static IDisposable ShowWith(IReportingStep step)
    {
        Current.Value = step;
        return new Reset();
    }

    public ILogger CreateLogger(string categoryName) => new Logger(_withDetails);

    public void Dispose()
    {
    }

    private sealed class Reset : IDisposable
    {
        public void Dispose() => Current.Value = null;
    }

    private sealed class Logger(bool withDetails) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => Current.Value is not null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (Current.Value is { } step)
            {
                var message = formatter(state, exception);
                step.Log(logLevel, withDetails && exception is not null ? $"{message}{Environment.NewLine}{exception}" : message);
            }
        }
    }
}
