using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using Trellis.ServiceDefaults.Health;

namespace Trellis.Messaging;

/// <summary>Work that begins when the service has prepared itself: before its migrations have run there are no tables, and handlers cannot work.</summary>
internal abstract class PreparedService(StartupGate gate) : BackgroundService
{
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await gate.OpenAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        // What it asks of databases and brokers, again and again, belongs to no request, and nobody wants to read traces of it.
        using var untraced = SuppressInstrumentationScope.Begin();
        await RunAsync(stoppingToken);
    }

    protected abstract Task RunAsync(CancellationToken stoppingToken);

    /// <summary>Begins what belongs to a message, and to its trace.</summary>
    protected static IDisposable Traced() => SuppressInstrumentationScope.Begin(value: false);
}
