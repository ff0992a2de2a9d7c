using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Confluent.Kafka;

/// <summary>What the client says goes to the application's logs, unless the application takes it itself.</summary>
internal sealed partial class KafkaLogs(IServiceProvider services)
{
    private readonly ILogger _logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Aspire.Confluent.Kafka");

    public void Write(LogMessage line) => LogLine(_logger, (LogLevel)line.LevelAs(LogLevelType.MicrosoftExtensionsLogging), line.Facility, line.Message);

    /// <summary>Sets a handler; where the application has set its own, that one stays.</summary>
    public void TrySet(string kind, Action set)
    {
        try
        {
            set();
        }
        catch (InvalidOperationException)
        {
            LogOwnHandler(_logger, kind);
        }
    }

    [LoggerMessage(Message = "{Facility}: {Line}")]
    private static partial void LogLine(ILogger logger, LogLevel level, string facility, string line);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The application has a {Kind} handler of its own; what it would bring does not come")]
    private static partial void LogOwnHandler(ILogger logger, string kind);
}
