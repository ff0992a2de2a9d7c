using System.ComponentModel.DataAnnotations;

namespace Trellis.ServiceDefaults.Idempotency;

/// <summary>How requests with an <c>Idempotency-Key</c> are remembered; configuration section <c>Idempotency</c>.</summary>
public sealed class IdempotencySettings
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Idempotency";

    /// <summary>How long an answer is kept. A request with its key after that is a new one.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00", ErrorMessage = "must be from one second to 365 days")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long a request waits for another one with the same key that is still at work, before it gets 409.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00", ErrorMessage = "must be from 00:00:00.1 to 00:05:00")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(5);
}
