namespace Aspire.Hosting;

/// <summary>The launch profile that a project is started with, and its name in the launch settings.</summary>
internal sealed record NamedLaunchProfile(string Name, LaunchProfile Profile) : ApplicationModel.IResourceAnnotation;
