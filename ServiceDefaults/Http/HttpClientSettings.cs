using System.ComponentModel.DataAnnotations;
using Trellis.ServiceDefaults.Configuration;

namespace Trellis.ServiceDefaults.Http;

/// <summary>
/// How the service calls others; configuration section <c>Http:Defaults</c> for all clients, and <c>Http:Clients:{name}</c> for what is different
/// with the client of that name (the name given to <c>AddHttpClient</c> or <c>AddGrpcClient</c>).
/// </summary>
public sealed class HttpClientSettings
{
    /// <summary>The configuration section of all clients.</summary>
    public const string Section = "Http:Defaults";

    /// <summary>The configuration section in which each client may have one of its own.</summary>
    public const string ClientsSection = "Http:Clients";

    /// <summary>How long a call may take up to the answer's headers, all attempts and pauses together. It is the deadline of a gRPC call that has none.</summary>
    [TimeRange("00:00:00.010", "1.00:00:00", ErrorMessage = "must be from 00:00:00.010 to one day")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one attempt may take.</summary>
    [TimeRange("00:00:00.010", "1.00:00:00", ErrorMessage = "must be from 00:00:00.010 to one day")]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a call that failed in passing is repeated, where that is safe. 0 is never.</summary>
    [Range(0, 10, ErrorMessage = "must be from 0 to 10")]
    public int Retries { get; set; } = 3;

    /// <summary>The pause before the first repetition; it doubles each time, with a random part. A <c>Retry-After</c> of the destination wins.</summary>
    [TimeRange("00:00:00", "00:01:00", ErrorMessage = "must be from zero to 00:01:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The share of failed attempts from which a destination is left alone.</summary>
    [Range(0.01, 1.0, ErrorMessage = "must be from 0.01 to 1")]
    public double BreakerFailureRatio { get; set; } = 0.5;

    /// <summary>The fewest attempts from which that share counts.</summary>
    [Range(2, 1_000_000, ErrorMessage = "must be from 2 to 1000000")]
    public int BreakerMinimumAttempts { get; set; } = 20;

    /// <summary>The time over which attempts are counted.</summary>
    [TimeRange("00:00:00.500", "1.00:00:00", ErrorMessage = "must be from 00:00:00.5 to one day")]
    public TimeSpan BreakerSampling { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a destination is left alone before one attempt finds out whether it is back.</summary>
    [TimeRange("00:00:00.500", "1.00:00:00", ErrorMessage = "must be from 00:00:00.5 to one day")]
    public TimeSpan BreakerPause { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The most calls to one destination at a time.</summary>
    [Range(1, 1_000_000, ErrorMessage = "must be from 1 to 1000000")]
    public int MaxConcurrentCalls { get; set; } = 1000;

    /// <summary>How many more calls to it may wait for their turn; further ones fail at once.</summary>
    [Range(0, 1_000_000, ErrorMessage = "must be from 0 to 1000000")]
    public int MaxWaitingCalls { get; set; } = 1000;
}
