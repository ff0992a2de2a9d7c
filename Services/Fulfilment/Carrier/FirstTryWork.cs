using Microsoft.Extensions.Options;

namespace Shop.Fulfilment.Carrier;

/// <summary>Asks the carrier straight after the commit. What is still in memory when the process ends is due when its lease is over.</summary>
internal sealed class FirstTryWork(FirstTries tries, HandOver handOver, IOptions<CarrierSettings> settings) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = settings.Value.Concurrency, CancellationToken = stoppingToken };
        try
        {
            await Parallel.ForEachAsync(
                tries.Reader.ReadAllAsync(stoppingToken), options, async (shipment, _) => await handOver.TryAsync(shipment, stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }
}
