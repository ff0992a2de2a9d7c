using Trellis.ServiceDefaults.Configuration;

namespace Shop.Ordering.Saga;

/// <summary>How long an order waits for others before it is given up; configuration section <c>Deadlines</c>.</summary>
/// <remarks>All three together should be shorter than the inventory holds pieces (its <c>Reservations:HoldFor</c>).</remarks>
internal sealed class DeadlineSettings
{
    public const string Section = "Deadlines";

    /// <summary>How long an order waits for its pieces to be held.</summary>
    [TimeRange("00:00:00.100", "30.00:00:00", ErrorMessage = "must be from 00:00:00.1 to 30 days")]
    public TimeSpan Stock { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long it then waits until it is known whether it is paid.</summary>
    [TimeRange("00:00:00.100", "30.00:00:00", ErrorMessage = "must be from 00:00:00.1 to 30 days")]
    public TimeSpan Payment { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long it then waits until the shipment has left.</summary>
    [TimeRange("00:00:00.100", "30.00:00:00", ErrorMessage = "must be from 00:00:00.1 to 30 days")]
    public TimeSpan Shipment { get; set; } = TimeSpan.FromMinutes(15);
}
