using System.Diagnostics;
using System.Net.Sockets;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Something that a resource listens on.</summary>
[DebuggerDisplay("Name = {Name}, UriScheme = {UriScheme}, Port = {Port}, TargetPort = {TargetPort}")]
public sealed class EndpointAnnotation : IResourceAnnotation
{
    private int? _port;
    private int? _targetPort;
    private bool _portIsSet;
    private bool _targetPortIsSet;
    private string? _transport;
    private bool? _isProxied;

    /// <summary>Describes the endpoint.</summary>
    /// <param name="protocol">TCP or UDP.</param>
    /// <param name="uriScheme">The URI scheme; the protocol's name by default.</param>
    /// <param name="transport">http, http2 or tcp; follows the scheme by default.</param>
    /// <param name="name">The name, unique within the resource; the scheme by default.</param>
    /// <param name="port">The port that clients use; chosen at start when null.</param>
    /// <param name="targetPort">The port that the process listens on; chosen at start when null.</param>
    /// <param name="isExternal">Whether it is reachable from outside when deployed.</param>
    /// <param name="isProxied">Whether a proxy stands between clients and the process when run; null leaves it to the engine.</param>
    public EndpointAnnotation(
        ProtocolType protocol,
        string? uriScheme = null,
        string? transport = null,
        [EndpointName] string? name = null,
        int? port = null,
        int? targetPort = null,
        bool? isExternal = null,
        bool? isProxied = null)
    {
        if (name is not null)
        {
            ModelName.Validate("endpoint", name);
        }

        Protocol = protocol;
        UriScheme = uriScheme ?? protocol.ToString().ToLowerInvariant();
        _transport = transport;
        Name = name ?? UriScheme;
        _port = port;
        _targetPort = targetPort;
        IsExternal = isExternal ?? false;
        _isProxied = isProxied;
    }

    /// <summary>TCP or UDP.</summary>
    public ProtocolType Protocol { get; set; }

    /// <summary>The name, unique within the resource without regard to case.</summary>
    public string Name { get; set; }

    /// <summary>The port that clients use; chosen at start when null.</summary>
    /// <remarks>Without a proxy it is the target port until it is set, be it to null.</remarks>
    public int? Port
    {
        get => _port ?? (IsProxied || _portIsSet ? null : _targetPort);
        set
        {
            _port = value;
            _portIsSet = true;
        }
    }

    /// <summary>The port that the process listens on; chosen at start when null.</summary>
    /// <remarks>Without a proxy it is the client's port until it is set, be it to null.</remarks>
    public int? TargetPort
    {
        get => _targetPort ?? (IsProxied || _targetPortIsSet ? null : _port);
        set
        {
            _targetPort = value;
            _targetPortIsSet = true;
        }
    }

    /// <summary>The URI scheme.</summary>
    public string UriScheme { get; set; }

    /// <summary>The address that the process listens on: localhost, an IP address or <c>*</c>.</summary>
    public string TargetHost { get; set; } = "localhost";

    /// <summary>http, http2 or tcp.</summary>
    public string Transport
    {
        get => _transport ?? (UriScheme is "http" or "https" ? "http" : Protocol.ToString().ToLowerInvariant());
        set => _transport = value;
    }

    /// <summary>Whether it is reachable from outside when deployed.</summary>
    public bool IsExternal { get; set; }

    /// <summary>Whether a proxy stands between clients and the process when run.</summary>
    public bool IsProxied
    {
        get => _isProxied ?? true;
        set => _isProxied = value;
    }

    /// <summary>Whether a proxy stands between clients and the process when run, where the author says so; null leaves it to the engine.</summary>
    public bool? IsExplicitlyProxied
    {
        get => _isProxied;
        set => _isProxied = value;
    }

    /// <summary>Whether references to the resource leave the endpoint out unless they name it.</summary>
    public bool ExcludeReferenceEndpoint { get; set; }

    /// <summary>Where it really listens; null until the engine has chosen.</summary>
    public AllocatedEndpoint? AllocatedEndpoint
    {
        get => AllocatedEndpointSnapshot.IsValueSet ? AllocatedEndpointSnapshot.GetValueAsync().GetAwaiter().GetResult() : null;
        set
        {
            if (value is not null)
            {
                AllocatedEndpointSnapshot.SetValue(value);
            }
        }
    }

    /// <summary>Where it really listens, to be waited for.</summary>
    internal ValueSnapshot<AllocatedEndpoint> AllocatedEndpointSnapshot { get; } = new();

    /// <summary>The environment variable that tells the process its port.</summary>
    internal string? TargetPortEnvironmentVariable { get; set; }

    /// <summary>Changes what is not null; a port that was never set goes on following the other one.</summary>
    internal void Change(int? port, int? targetPort, bool? isExternal, bool? isProxied)
    {
        if (port is not null)
        {
            Port = port;
        }

        if (targetPort is not null)
        {
            TargetPort = targetPort;
        }

        IsExternal = isExternal ?? IsExternal;
        _isProxied = isProxied ?? _isProxied;
    }

    /// <summary>Where containers reach it, to be waited for.</summary>
    internal ValueSnapshot<AllocatedEndpoint> ContainerAllocatedEndpointSnapshot { get; } = new();

    /// <summary>The endpoint is set by the launch profile, not by a statement of the AppHost.</summary>
    internal bool FromLaunchProfile { get; set; }
}
