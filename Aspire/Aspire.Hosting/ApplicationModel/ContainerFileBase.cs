namespace Aspire.Hosting.ApplicationModel;

/// <summary>A file that is put into a container before it starts.</summary>
public abstract class ContainerFileBase : ContainerFileSystemItem
{
    /// <summary>The text; null where <see cref="SourcePath"/> says it.</summary>
    public string? Contents { get; set; }

    /// <summary>The file of this machine to copy; null where <see cref="Contents"/> says it.</summary>
    public string? SourcePath { get; set; }

    /// <summary>Whether the container starts also when the file cannot be made; false where nothing is said.</summary>
    public bool? ContinueOnError { get; set; }
}
