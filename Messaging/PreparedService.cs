using Microsoft.Extensions.Hosting;
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

        await RunAsync(stoppingToken);
    }

    protected abstract Task RunAsync(CancellationToken stoppingToken);
}
