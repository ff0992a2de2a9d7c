namespace Aspire.Hosting;

/// <summary>How a project is added.</summary>
public class ProjectResourceOptions
{
    /// <summary>The launch profile; the AppHost's or the first one by default.</summary>
    public string? LaunchProfileName { get; set; }

    /// <summary>Whether no launch profile is used.</summary>
    public bool ExcludeLaunchProfile { get; set; }

    /// <summary>Whether the endpoints in the project's own settings (<c>Kestrel:Endpoints</c> in <c>appsettings.json</c>) are left alone.</summary>
    public bool ExcludeKestrelEndpoints { get; set; }
}
