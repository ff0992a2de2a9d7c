using Trellis.ServiceDefaults.Configuration;

namespace Trellis.ServiceDefaults.Health;

/// <summary>How readiness is judged and how the service stops; configuration section <c>Health</c>.</summary>
public sealed class HealthSettings
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Health";

    /// <summary>How long one dependency may take to answer before it counts as unhealthy, unless its registration says otherwise.</summary>
    [TimeRange("00:00:00.001", "01:00:00", ErrorMessage = "must be longer than zero and at most one hour")]
    public TimeSpan CheckTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the answers of the dependencies are used again: however often <c>/ready</c> is asked, they are asked this often.</summary>
    [TimeRange("00:00:00", "00:01:00", ErrorMessage = "must not be negative and at most one minute")]
    public TimeSpan CacheDuration { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long the service goes on serving, with <c>/ready</c> at 503, after it was asked to stop, so that load balancers can take it
    /// out first. In Development the default is zero.
    /// </summary>
    [TimeRange("00:00:00", "01:00:00", ErrorMessage = "must not be negative and at most one hour")]
    public TimeSpan DrainDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long requests in flight then have to finish.</summary>
    [TimeRange("00:00:00", "01:00:00", ErrorMessage = "must not be negative and at most one hour")]
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
