using System.Diagnostics;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Where an endpoint really listens.</summary>
[DebuggerDisplay("{UriString}")]
public class AllocatedEndpoint
{
    /// <summary>Creates it.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="address">Host name or IP address that clients use.</param>
    /// <param name="port">The port that clients use, 1 to 65535.</param>
    /// <param name="targetPortExpression">The port that the process listens on, as a number or an expression of the engine.</param>
    public AllocatedEndpoint(EndpointAnnotation endpoint, string address, int port, string? targetPortExpression = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentException.ThrowIfNullOrEmpty(address);
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue);
        Endpoint = endpoint;
        Address = address;
        Port = port;
        TargetPortExpression = targetPortExpression;
    }

    /// <summary>The endpoint.</summary>
    public EndpointAnnotation Endpoint { get; }

    /// <summary>Host name or IP address that clients use.</summary>
    public string Address { get; }

    /// <summary>The port that clients use.</summary>
    public int Port { get; }

    /// <summary>The port that the process listens on, as a number or an expression of the engine.</summary>
    public string? TargetPortExpression { get; }

    /// <summary>Address and port, joined by a colon.</summary>
    public string EndPointString => $"{Address}:{Port}";

    /// <summary>The URI scheme.</summary>
    public string UriScheme => Endpoint.UriScheme;

    /// <summary>Scheme, address and port as a URI without a path.</summary>
    public string UriString => $"{UriScheme}://{EndPointString}";

    /// <inheritdoc />
    public override string ToString() => UriString;
}
