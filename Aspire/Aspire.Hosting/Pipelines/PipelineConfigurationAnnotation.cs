using System.Diagnostics.CodeAnalysis;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Pipelines;

/// <summary>Ties steps together on behalf of a resource, before any of them runs.</summary>
[Experimental("ASPIREPIPELINES001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public class PipelineConfigurationAnnotation : IResourceAnnotation
{
    /// <summary>Creates the annotation.</summary>
    public PipelineConfigurationAnnotation(Func<PipelineConfigurationContext, Task> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        Callback = callback;
    }

    /// <summary>Creates the annotation.</summary>
    public PipelineConfigurationAnnotation(Action<PipelineConfigurationContext> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        Callback = context =>
        {
            callback(context);
            return Task.CompletedTask;
        };
    }

    /// <summary>What looks at the steps.</summary>
    public Func<PipelineConfigurationContext, Task> Callback { get; }
}
