using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using OpenTelemetry;

namespace Trellis.ServiceDefaults.Health;

/// <summary>
/// Asks the dependencies, all at once, and keeps their answers for <see cref="HealthSettings.CacheDuration"/>: probes of every load balancer and
/// of nobody in particular must not become a load on the database.
/// </summary>
internal sealed class DependencyChecks(HealthCheckService checks, IOptions<HealthSettings> settings, TimeProvider time)
{
    private readonly Lock _lock = new();
    private Task<HealthReport>? _run;
    private long _ended;

    public Task<HealthReport> ReportAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var fresh = _run is { IsCompleted: false } || (_run is { IsCompletedSuccessfully: true }
                && time.GetElapsedTime(Volatile.Read(ref _ended)) < settings.Value.CacheDuration);
            if (!fresh)
            {
                _run = Task.Run(AskAsync, CancellationToken.None);
            }

            // Whoever asks may leave; the answer is for the others too.
            return _run!.WaitAsync(cancellationToken);
        }
    }

    private async Task<HealthReport> AskAsync()
    {
        // The probe is not traced, so what it does to the dependencies is not either.
        using var untraced = SuppressInstrumentationScope.Begin();
        var report = await checks.CheckHealthAsync(CancellationToken.None);
        Volatile.Write(ref _ended, time.GetTimestamp());
        return report;
    }
}
