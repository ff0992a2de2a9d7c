namespace Trellis.ServiceDefaults.Health;

/// <summary>How readiness is judged and how the service drains; configuration section <c>Health</c>.</summary>
public sealed class HealthSettings
{
    /// <summary>
    /// How long one dependency may take to answer before it counts as unhealthy, unless its registration says otherwise. Default: 5 seconds.
    /// </summary>
    public TimeSpan CheckTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long the service goes on serving, with <c>/ready</c> at 503, after it was asked to stop, so that load balancers
    /// can take it out first. Default: 5 seconds; 0 in Development.
    /// </summary>
    public TimeSpan DrainDelay { get; set; } = TimeSpan.FromSeconds(5);
}
