using System.Diagnostics.CodeAnalysis;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Pipelines;

/// <summary>Where steps write to.</summary>
[Experimental("ASPIREPIPELINES004", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public interface IPipelineOutputService
{
    /// <summary>The full path of the folder of the command line's <c>--output-path</c>, else <c>aspire-output</c> in the AppHost's folder. It may not exist yet.</summary>
    string GetOutputDirectory();

    /// <summary>The folder in there that has the resource's name. It may not exist yet.</summary>
    string GetOutputDirectory(IResource resource);

    /// <summary>The full path of a folder for files that are gone when the AppHost ends.</summary>
    string GetTempDirectory();

    /// <summary>The folder in there that has the resource's name. It may not exist yet.</summary>
    string GetTempDirectory(IResource resource);
}
