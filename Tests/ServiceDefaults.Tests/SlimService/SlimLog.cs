namespace Trellis.SlimService;

internal static partial class SlimLog
{
    [LoggerMessage(1, LogLevel.Information, "Ordered {Quantity} for {Customer}")]
    public static partial void Ordered(ILogger log, int quantity, string? customer);
}
