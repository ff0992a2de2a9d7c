namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a process runs and where.</summary>
public sealed class ExecutableAnnotation : IResourceAnnotation
{
    /// <summary>A path, or a name that PATH finds.</summary>
    public required string Command { get; set; }

    /// <summary>The folder that it runs in.</summary>
    public required string WorkingDirectory { get; set; }
}
