namespace Aspire.Hosting.ApplicationModel;

/// <summary>A file or a folder that is put into a container before it starts.</summary>
public abstract class ContainerFileSystemItem
{
    private string _name = string.Empty;

    /// <summary>The name, without a path.</summary>
    /// <exception cref="ArgumentException">It holds a path.</exception>
    public string Name
    {
        get => _name;
        set => _name = Path.GetDirectoryName(value) is { Length: > 0 }
            ? throw new ArgumentException($"Name '{value}' must be a simple file or folder name and not include any path separators (eg, / or \\). To specify parent folders, use one or more ContainerDirectory entries.", nameof(value))
            : value;
    }

    /// <summary>The id of the user that owns it; null for the default of its tree.</summary>
    public int? Owner { get; set; }

    /// <summary>The id of the group that owns it; null for the default of its tree.</summary>
    public int? Group { get; set; }

    /// <summary>The permissions; 0 for the default, which is all permissions without those of the umask.</summary>
    public UnixFileMode Mode { get; set; }
}
