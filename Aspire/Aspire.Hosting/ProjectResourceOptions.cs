namespace Aspire.Hosting;

/// <summary>How a project is added.</summary>
public class ProjectResourceOptions
{
    /// <summary>The launch profile; the AppHost's or the first one by default.</summary>
    public string? LaunchProfileName { get; set; }

    /// <summary>Whether no launch profile is used.</summary>
    public bool ExcludeLaunchProfile { get; set; }
}
