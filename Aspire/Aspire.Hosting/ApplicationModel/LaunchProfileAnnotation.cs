namespace Aspire.Hosting.ApplicationModel;

/// <summary>The launch profile that a project is started with.</summary>
internal sealed class LaunchProfileAnnotation(string launchProfileName) : IResourceAnnotation
{
    public string LaunchProfileName { get; } = launchProfileName;
}
