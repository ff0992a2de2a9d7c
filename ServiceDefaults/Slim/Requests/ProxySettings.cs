namespace Trellis.ServiceDefaults.Requests;

/// <summary>Who may say where a request came from; configuration section <c>Proxies</c>.</summary>
public sealed class ProxySettings
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Proxies";

    /// <summary>
    /// Addresses (<c>10.0.0.7</c>) and networks (<c>10.0.0.0/8</c>), separated by commas, whose <c>X-Forwarded-For</c>, <c>-Proto</c> and <c>-Host</c>
    /// are believed. Nobody else's are.
    /// </summary>
    [NetworkList(ErrorMessage = "must be addresses (10.0.0.7) or networks (10.0.0.0/8), separated by commas")]
    public string? Known { get; set; }
}
