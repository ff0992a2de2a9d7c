namespace Aspire.Hosting.Dcp;

/// <summary>How DCP is started and how long it may take.</summary>
internal sealed class DcpOptions
{
    /// <summary>The full path of the <c>dcp</c> program.</summary>
    public string? CliPath { get; set; }

    /// <summary>The container engine to use, <c>docker</c> or <c>podman</c>; null for whichever DCP finds.</summary>
    public string? ContainerRuntime { get; set; }

    /// <summary>How long the container engine may take to say that it is there.</summary>
    public TimeSpan DependencyCheckTimeout { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>Whether containers reach services of the host through a tunnel; without it they need an address of the host that these listen on.</summary>
    public bool EnableContainerTunnel { get; set; } = true;

    /// <summary>
    /// How much longer stopping may take when there are containers: their engine waits 10 s for a container that does not obey before it kills it.
    /// </summary>
    public TimeSpan ContainerStopTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>When this process is gone, DCP ends everything: the AppHost, that is this process.</summary>
    public int MonitoredProcessId { get; set; } = System.Environment.ProcessId;

    /// <summary>Whether endpoints behind the proxy get free ports in place of those that the model fixes, so that several runs fit on a machine.</summary>
    public bool RandomizePorts { get; set; }

    /// <summary>How long DCP may take until its API answers.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How long a process may take to end by itself once it was sent SIGTERM; then it and its children are killed. DCP alone would wait 6 s.
    /// </summary>
    public TimeSpan ProcessStopGrace { get; set; } = TimeSpan.FromSeconds(1.2);

    /// <summary>How long DCP may take to end once no process that it started runs; then it is killed, which costs nothing any more.</summary>
    public TimeSpan CleanUpTimeout { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long stopping may take in all; then DCP is killed with everything that it started.</summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Environment variables for DCP, which the processes inherit, besides the AppHost's own; null removes one.</summary>
    public IDictionary<string, string?> Environment { get; } = new Dictionary<string, string?>(StringComparer.Ordinal);
}
