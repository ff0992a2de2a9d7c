namespace Shop.Receipts.Lambda;

/// <summary>What is said of invocations.</summary>
internal static partial class LambdaLog
{
    [LoggerMessage(10, LogLevel.Error, "The runtime API does not answer any more: {Reason}")]
    public static partial void RuntimeLost(ILogger log, string reason);

    [LoggerMessage(11, LogLevel.Warning, "The event of invocation {Invocation} is not a request of an HTTP API in payload format 2.0")]
    public static partial void UnreadableEvent(ILogger log, string invocation);

    [LoggerMessage(12, LogLevel.Error, "Invocation {Invocation} failed: {Kind}")]
    public static partial void Failed(ILogger log, string invocation, string kind);

    [LoggerMessage(13, LogLevel.Warning, "Invocation {Invocation} took until its deadline")]
    public static partial void TooLate(ILogger log, string invocation);

    [LoggerMessage(14, LogLevel.Warning, "The answer to invocation {Invocation} is larger than Lambda takes")]
    public static partial void TooLarge(ILogger log, string invocation);

    [LoggerMessage(15, LogLevel.Warning, "The runtime API refused the answer to invocation {Invocation} with {Status}")]
    public static partial void AnswerRefused(ILogger log, string invocation, int status);
}
