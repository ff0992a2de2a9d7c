using Hangfire.Logging;
using HangfireLevel = Hangfire.Logging.LogLevel;
using Level = Microsoft.Extensions.Logging.LogLevel;

namespace Shop.Fulfilment.Jobs;

/// <summary>Hangfire's log is the service's. Hangfire has one for the whole process, and must not stumble over the end of the service that gave it.</summary>
internal sealed class JobLogs(ILoggerFactory loggers) : ILogProvider
{
    public ILog GetLogger(string name)
    {
        try
        {
            return new JobLog(loggers.CreateLogger(name));
        }
        catch (ObjectDisposedException)
        {
            return new JobLog(logger: null);
        }
    }

    private sealed class JobLog(ILogger? logger) : ILog
    {
        public bool Log(HangfireLevel logLevel, Func<string>? messageFunc, Exception? exception = null)
        {
            var level = logLevel switch
            {
                HangfireLevel.Fatal => Level.Critical,
                HangfireLevel.Error => Level.Error,
                HangfireLevel.Warn => Level.Warning,
                HangfireLevel.Info => Level.Information,
                HangfireLevel.Debug => Level.Debug,
                _ => Level.Trace,
            };
            if (logger?.IsEnabled(level) != true)
            {
                return false;
            }

            if (messageFunc is not null)
            {
                logger.Log(level, default, messageFunc(), exception, static (message, _) => message);
            }

            return true;
        }
    }
}
