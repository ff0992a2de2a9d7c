using System.ComponentModel.DataAnnotations;

namespace Trellis.Gateway;

/// <summary>How the gateway forwards; configuration section <c>Gateway</c>.</summary>
internal sealed class GatewaySettings
{
    public const string Section = "Gateway";

    /// <summary>How long a forwarded request, or an upgraded connection, may pass without a byte in either direction.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00", ErrorMessage = "must be longer than zero and at most one day")]
    public TimeSpan ActivityTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a service may take to accept a connection.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00", ErrorMessage = "must be longer than zero and at most one hour")]
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Path prefixes by service (<c>Gateway__Paths__identity</c>), for the services that are not served at <c>/api/&lt;service&gt;</c>.</summary>
    [BeginWithSlash(ErrorMessage = "must have a slash at the beginning of each path")]
    public Dictionary<string, string> Paths { get; init; } = new(StringComparer.OrdinalIgnoreCase);
}
