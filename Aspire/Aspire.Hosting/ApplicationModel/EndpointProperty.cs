namespace Aspire.Hosting.ApplicationModel;

/// <summary>What can be asked of an endpoint.</summary>
public enum EndpointProperty
{
    /// <summary>The URL.</summary>
    Url = 0,

    /// <summary>The host.</summary>
    Host = 1,

    /// <summary>The host as an IPv4 address.</summary>
    IPV4Host = 2,

    /// <summary>The port that clients use.</summary>
    Port = 3,

    /// <summary>The scheme.</summary>
    Scheme = 4,

    /// <summary>The port that the process listens on.</summary>
    TargetPort = 5,

    /// <summary>Host and port, joined by a colon.</summary>
    HostAndPort = 6,
}
