using Trellis.ServiceDefaults.Configuration;

namespace Shop.Fulfilment.Jobs;

/// <summary>How long things are kept; configuration section <c>Cleanup</c>.</summary>
internal sealed class CleanupSettings
{
    public const string Section = "Cleanup";

    /// <summary>How long it is remembered what has become of a shipment. A command for the order that comes later finds nothing.</summary>
    [TimeRange("1.00:00:00", "3650.00:00:00", ErrorMessage = "must be from one day to 3650 days")]
    public TimeSpan KeepShipments { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long the sales are kept of which reports are made.</summary>
    [TimeRange("40.00:00:00", "3650.00:00:00", ErrorMessage = "must be from 40 days to 3650 days")]
    public TimeSpan KeepSales { get; set; } = TimeSpan.FromDays(400);

    /// <summary>How long reports are kept.</summary>
    [TimeRange("40.00:00:00", "36500.00:00:00", ErrorMessage = "must be from 40 days to 36500 days")]
    public TimeSpan KeepReports { get; set; } = TimeSpan.FromDays(3650);
}
