using System.ComponentModel.DataAnnotations;
using Trellis.ServiceDefaults.Configuration;

namespace Shop.Fulfilment.Jobs;

/// <summary>When jobs run; configuration section <c>Jobs</c>.</summary>
internal sealed class JobSettings
{
    public const string Section = "Jobs";

    /// <summary>How many jobs a replica runs at the same time.</summary>
    [Range(1, 100, ErrorMessage = "must be from 1 to 100")]
    public int Workers { get; set; } = 8;

    /// <summary>How often is looked for jobs whose time has come.</summary>
    [TimeRange("00:00:00.100", "00:01:00", ErrorMessage = "must be from 00:00:00.1 to one minute")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a job stays with a replica that gives no sign of life, before another gets it.</summary>
    [TimeRange("00:00:02", "01:00:00", ErrorMessage = "must be from two seconds to one hour")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The time zone of the schedules below, and of the days in reports.</summary>
    [TimeZone(ErrorMessage = "must be the name of a time zone, such as Europe/Berlin")]
    public string TimeZone { get; set; } = "UTC";

    /// <summary>When is looked for shipments that nobody asks the carrier about any more, because a process was killed; a cron expression.</summary>
    [Cron(ErrorMessage = "must be a cron expression of five fields, or of six with seconds in front")]
    public string OverdueSchedule { get; set; } = "*/15 * * * * *";

    /// <summary>When the sales report is written; a cron expression.</summary>
    [Cron(ErrorMessage = "must be a cron expression of five fields, or of six with seconds in front")]
    public string ReportSchedule { get; set; } = "0 2 * * *";

    /// <summary>When old things are deleted; a cron expression.</summary>
    [Cron(ErrorMessage = "must be a cron expression of five fields, or of six with seconds in front")]
    public string CleanupSchedule { get; set; } = "30 3 * * *";

    /// <summary>The time zone by its name.</summary>
    public TimeZoneInfo FindTimeZone() => TimeZoneInfo.FindSystemTimeZoneById(TimeZone);
}
