using Trellis.ServiceDefaults.Configuration;

namespace Shop.Ordering.Watching;

/// <summary>How watchers of orders are told of changes; configuration section <c>Watch</c>.</summary>
internal sealed class WatchSettings
{
    public const string Section = "Watch";

    /// <summary>How often is looked for changes that no notification told of.</summary>
    [TimeRange("00:00:00.100", "01:00:00", ErrorMessage = "must be from 00:00:00.1 to 01:00:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);
}
