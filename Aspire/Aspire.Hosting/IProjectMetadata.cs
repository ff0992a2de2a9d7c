using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Where a project is; the build writes one class for every project that the AppHost references.</summary>
public interface IProjectMetadata : IResourceAnnotation
{
    /// <summary>The full path of the project file.</summary>
    string ProjectPath { get; }

    /// <summary>The launch settings, where they are not read from the project's folder.</summary>
    LaunchSettings? LaunchSettings => null;

    /// <summary>Whether the project was built together with the AppHost.</summary>
    bool SuppressBuild => false;
}
