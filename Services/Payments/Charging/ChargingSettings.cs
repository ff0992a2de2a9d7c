using System.ComponentModel.DataAnnotations;
using Trellis.ServiceDefaults.Configuration;

namespace Shop.Payments.Charging;

/// <summary>How the provider is asked; configuration section <c>Charging</c>.</summary>
internal sealed class ChargingSettings
{
    public const string Section = "Charging";

    /// <summary>How many payments a replica asks the provider about at the same time.</summary>
    [Range(1, 1000, ErrorMessage = "must be from 1 to 1000")]
    public int Concurrency { get; set; } = 64;

    /// <summary>How often is looked for due payments when nothing tells of any.</summary>
    [TimeRange("00:00:00.010", "00:10:00", ErrorMessage = "must be from 00:00:00.01 to ten minutes")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a replica has for one payment before another one takes it on. It should be longer than a call to the provider may take.</summary>
    [TimeRange("00:00:01", "01:00:00", ErrorMessage = "must be from one second to one hour")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The pause before an unknown outcome is asked for again; it doubles each time, with a random part.</summary>
    [TimeRange("00:00:00.010", "01:00:00", ErrorMessage = "must be from 00:00:00.01 to one hour")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest such pause. There is no last time.</summary>
    [TimeRange("00:00:00.010", "1.00:00:00", ErrorMessage = "must be from 00:00:00.01 to one day")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(30);
}
