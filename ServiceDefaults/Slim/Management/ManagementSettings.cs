using System.ComponentModel.DataAnnotations;

namespace Trellis.ServiceDefaults.Management;

/// <summary>Where operators reach the service; configuration section <c>Management</c>.</summary>
public sealed class ManagementSettings
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Management";

    /// <summary>
    /// The port that alone serves <c>/health</c>, <c>/ready</c>, <c>/metrics</c>, <c>/openapi</c>, <c>/dead-letters</c> and <c>/jobs</c>, and nothing else.
    /// Without it they are on the service's own port.
    /// </summary>
    [Range(1, 65535, ErrorMessage = "must be a port from 1 to 65535, or empty for no management port")]
    public int? Port { get; set; }
}
