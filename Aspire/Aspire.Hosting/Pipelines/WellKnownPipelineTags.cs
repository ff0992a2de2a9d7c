using System.Diagnostics.CodeAnalysis;

namespace Aspire.Hosting.Pipelines;

/// <summary>Words by which steps of one kind are found.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public static class WellKnownPipelineTags
{
    /// <summary>Steps that set up what the application runs on.</summary>
    public const string ProvisionInfrastructure = "provision-infra";

    /// <summary>Steps that build what runs.</summary>
    public const string BuildCompute = "build-compute";

    /// <summary>Steps that push an image.</summary>
    public const string PushContainerImage = "push-container-image";

    /// <summary>Steps that deploy what runs.</summary>
    public const string DeployCompute = "deploy-compute";
}
