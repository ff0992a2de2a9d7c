using System.ComponentModel.DataAnnotations;
using Trellis.ServiceDefaults.Configuration;

namespace Shop.Fulfilment.Carrier;

/// <summary>Where the carrier is, and how it is asked; configuration section <c>Carrier</c>.</summary>
internal sealed class CarrierSettings
{
    public const string Section = "Carrier";

    /// <summary>The carrier's address, below which its API begins with <c>/v1</c>.</summary>
    [Required(ErrorMessage = "must be the address of the carrier, such as https://api.carrier.example")]
    [HttpAddress(ErrorMessage = "must be the address of the carrier, such as https://api.carrier.example")]
    public string? Url { get; set; }

    /// <summary>How many shipments a replica asks the carrier about at the same time, at first. Jobs come on top.</summary>
    [Range(1, 1000, ErrorMessage = "must be from 1 to 1000")]
    public int Concurrency { get; set; } = 64;

    /// <summary>How long a process has for one shipment before another one takes it on. It should be longer than a call to the carrier may take.</summary>
    [TimeRange("00:00:01", "01:00:00", ErrorMessage = "must be from one second to one hour")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The pause before a job asks again after a failure; it doubles each time, with a random part.</summary>
    [TimeRange("00:00:00.010", "01:00:00", ErrorMessage = "must be from 00:00:00.01 to one hour")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest such pause.</summary>
    [TimeRange("00:00:00.010", "1.00:00:00", ErrorMessage = "must be from 00:00:00.01 to one day")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the carrier is asked to take a shipment. After that it is withdrawn, and has failed when the carrier confirms that.</summary>
    [TimeRange("00:00:00.100", "30.00:00:00", ErrorMessage = "must be from 00:00:00.1 to 30 days")]
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromHours(24);
}
