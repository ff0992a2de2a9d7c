namespace Aspire.Hosting.ApplicationModel;

/// <summary>A folder that is put into a container before it starts.</summary>
public sealed class ContainerDirectory : ContainerFileSystemItem
{
    /// <summary>What the folder holds.</summary>
    public IEnumerable<ContainerFileSystemItem> Entries { get; set; } = [];

    /// <summary>Describes files of this machine so that they are copied.</summary>
    /// <param name="path">A file, or a folder whose content is described.</param>
    /// <param name="searchPattern">Which files to take, with <c>*</c> and <c>?</c>.</param>
    /// <param name="searchOptions">Whether folders inside the folder are taken too.</param>
    /// <param name="updateItem">Called for every item, to set owner or permissions.</param>
    /// <exception cref="InvalidOperationException">There is nothing at the path.</exception>
    public static IEnumerable<ContainerFileSystemItem> GetFileSystemItemsFromPath(
        string path,
        string searchPattern = "*",
        SearchOption searchOptions = SearchOption.TopDirectoryOnly,
        Action<ContainerFileSystemItem>? updateItem = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        var full = Path.GetFullPath(path);
        if (File.Exists(full))
        {
            return [FileAt(full, updateItem)];
        }

        return Directory.Exists(full)
            ? ContentOf(full, searchPattern, searchOptions, updateItem)
            : throw new InvalidOperationException($"The specified path '{full}' does not exist.");
    }

    private static List<ContainerFileSystemItem> ContentOf(
        string folder, string searchPattern, SearchOption searchOptions, Action<ContainerFileSystemItem>? updateItem)
    {
        var items = new List<ContainerFileSystemItem>();
        if (searchOptions == SearchOption.AllDirectories)
        {
            foreach (var inner in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
            {
                // A folder in which nothing fits the pattern is left out.
                if (ContentOf(inner, searchPattern, searchOptions, updateItem) is { Count: > 0 } content)
                {
                    var item = new ContainerDirectory { Name = Path.GetFileName(inner), Entries = content };
                    updateItem?.Invoke(item);
                    items.Add(item);
                }
            }
        }

        items.AddRange(Directory.EnumerateFiles(folder, searchPattern).Order(StringComparer.Ordinal).Select(file => FileAt(file, updateItem)));
        return items;
    }

    private static ContainerFile FileAt(string path, Action<ContainerFileSystemItem>? updateItem)
    {
        var item = new ContainerFile { Name = Path.GetFileName(path), SourcePath = path };
        updateItem?.Invoke(item);
        return item;
    }
}
