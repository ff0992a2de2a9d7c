namespace Trellis.Gateway;

/// <summary>Configuration section <c>Gateway</c>.</summary>
internal sealed class GatewaySettings
{
    public const string Section = "Gateway";

    /// <summary>How long a forwarded request, or an upgraded connection, may pass without a byte in either direction. Default: 15 seconds.</summary>
    public TimeSpan ActivityTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a service may take to accept a connection. Default: five seconds.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Path prefixes by service, for the services that are not served at <c>/api/&lt;service&gt;</c>.</summary>
    public Dictionary<string, string> Paths { get; init; } = new(StringComparer.OrdinalIgnoreCase);
}
