using System.Diagnostics.CodeAnalysis;

namespace Aspire.Hosting.Pipelines;

/// <summary>What the command line says about publishing and deploying (configuration section <c>Pipeline</c>).</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public class PipelineOptions
{
    /// <summary>Where results go (<c>--output-path</c>).</summary>
    public string? OutputPath { get; set; }

    /// <summary>The step to run with all that it depends on (<c>--step</c>); all steps if there is none.</summary>
    public string? Step { get; set; }

    /// <summary>The lowest level of log lines that are shown with the steps (<c>--log-level</c>): trace, debug, information, warning, error or critical.</summary>
    public string? LogLevel { get; set; }
}
