using System.ComponentModel.DataAnnotations;
using Trellis.ServiceDefaults.Configuration;

namespace Shop.Inventory.Reservations;

/// <summary>How long orders hold stock; configuration section <c>Reservations</c>.</summary>
internal sealed class ReservationSettings
{
    public const string Section = "Reservations";

    /// <summary>How long pieces are held for an order that neither commits nor releases them.</summary>
    [TimeRange("00:00:00.100", "30.00:00:00", ErrorMessage = "must be from 00:00:00.1 to 30 days")]
    public TimeSpan HoldFor { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long it is remembered what has become of a reservation. A command for the order that comes later finds nothing.</summary>
    [TimeRange("00:00:01", "3650.00:00:00", ErrorMessage = "must be from one second to 3650 days")]
    public TimeSpan RememberFor { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How often is looked for reservations whose time is over.</summary>
    [TimeRange("00:00:00.100", "01:00:00", ErrorMessage = "must be from 00:00:00.1 to 01:00:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many reservations a sweep releases in one transaction.</summary>
    [Range(1, 1000, ErrorMessage = "must be from 1 to 1000")]
    public int SweepBatch { get; set; } = 50;
}
