namespace Aspire.Hosting.ApplicationModel;

/// <summary>How long a container lives.</summary>
public enum ContainerLifetime
{
    /// <summary>As long as the AppHost runs.</summary>
    Session = 0,

    /// <summary>Longer than the AppHost: the next start finds it again, and makes a new one only where its description has changed.</summary>
    Persistent = 1,
}
