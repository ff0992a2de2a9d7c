namespace Shop.Receipts;

/// <summary>What is said of receipts: never whose they are, nor what was bought.</summary>
internal static partial class ReceiptsLog
{
    [LoggerMessage(1, LogLevel.Information, "Rendered a receipt with {Lines} lines as {Format}")]
    public static partial void Rendered(ILogger log, string format, int lines);
}
