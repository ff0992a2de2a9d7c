using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Trellis.ServiceDefaults.Health;

/// <summary>
/// Holds the stop back for the drain delay. The host runs <see cref="StoppingAsync"/> of every service before it stops
/// the first one, so the server accepts and answers requests meanwhile.
/// </summary>
internal sealed class Draining(IHostApplicationLifetime lifetime, IOptions<HealthSettings> settings, TimeProvider time) : IHostedLifecycleService
{
    private volatile bool _stopping;

    public bool HasBegun => _stopping || lifetime.ApplicationStopping.IsCancellationRequested;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        if (settings.Value.DrainDelay > TimeSpan.Zero)
        {
            await Task.Delay(settings.Value.DrainDelay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
