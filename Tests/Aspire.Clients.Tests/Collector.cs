using OpenTelemetry;

namespace Aspire.Clients.Tests;

/// <summary>Hands on what OpenTelemetry exports.</summary>
internal sealed class Collector<T>(Action<T> take) : BaseExporter<T>
    where T : class
{
    public override ExportResult Export(in Batch<T> batch)
    {
        foreach (var item in batch)
        {
            take(item);
        }

        return ExportResult.Success;
    }
}
