using System.Diagnostics.CodeAnalysis;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>How a resource is asked how it is, where it is deployed.</summary>
[Experimental("ASPIREPROBES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public abstract class ProbeAnnotation : IResourceAnnotation
{
    /// <summary>What the answer decides.</summary>
    public required ProbeType Type { get; init; }

    /// <summary>Seconds from the start to the first question.</summary>
    public int InitialDelaySeconds { get; init; } = 5;

    /// <summary>Seconds from one question to the next.</summary>
    public int PeriodSeconds { get; init; } = 5;

    /// <summary>Seconds that the answer may take.</summary>
    public int TimeoutSeconds { get; set; } = 1;

    /// <summary>How many failures in a row count as one.</summary>
    public int FailureThreshold { get; init; } = 3;

    /// <summary>How many successes in a row count as one.</summary>
    public int SuccessThreshold { get; init; } = 1;
}
