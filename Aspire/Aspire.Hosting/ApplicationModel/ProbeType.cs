using System.Diagnostics.CodeAnalysis;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a probe decides.</summary>
[Experimental("ASPIREPROBES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public enum ProbeType
{
    /// <summary>Whether the resource has started; the other probes wait for it.</summary>
    Startup = 0,

    /// <summary>Whether the resource takes requests.</summary>
    Readiness = 1,

    /// <summary>Whether the resource works; it is restarted when not.</summary>
    Liveness = 2,
}
