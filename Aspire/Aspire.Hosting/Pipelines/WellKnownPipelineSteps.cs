using System.Diagnostics.CodeAnalysis;

namespace Aspire.Hosting.Pipelines;

/// <summary>The names of the steps that every pipeline has. They do little themselves; others run before and after them.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public static class WellKnownPipelineSteps
{
    /// <summary>Everything that is published has been.</summary>
    public const string Publish = "publish";

    /// <summary>What every step of publishing needs is there.</summary>
    public const string PublishPrereq = "publish-prereq";

    /// <summary>Everything that is deployed has been.</summary>
    public const string Deploy = "deploy";

    /// <summary>What every step of deploying needs is there.</summary>
    public const string DeployPrereq = "deploy-prereq";

    /// <summary>Every parameter has a value.</summary>
    public const string ProcessParameters = "process-parameters";

    /// <summary>Everything that is built has been.</summary>
    public const string Build = "build";

    /// <summary>What every step of building needs is there.</summary>
    public const string BuildPrereq = "build-prereq";

    /// <summary>Every image has been pushed.</summary>
    public const string Push = "push";

    /// <summary>What every step of pushing needs is there.</summary>
    public const string PushPrereq = "push-prereq";
}
