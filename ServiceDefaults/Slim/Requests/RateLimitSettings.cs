using System.ComponentModel.DataAnnotations;

namespace Trellis.ServiceDefaults.Requests;

/// <summary>How often one caller may ask; configuration section <c>RateLimit</c>. A caller is the subject of a token, otherwise an address.</summary>
public sealed class RateLimitSettings
{
    /// <summary>The configuration section.</summary>
    public const string Section = "RateLimit";

    /// <summary>Requests a second and caller; more are answered with 429 and <c>Retry-After</c>. 0 is no limit.</summary>
    [Range(0, 1_000_000, ErrorMessage = "must be from 0 to 1000000")]
    public int RequestsPerSecond { get; set; }

    /// <summary>How many requests a caller may save up to make at once.</summary>
    [Range(1, 1_000_000, ErrorMessage = "must be from 1 to 1000000")]
    public int Burst { get; set; } = 100;
}
