using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Trellis.Hosting.Processes;

/// <summary>The folder in which a server keeps its data, and the one it takes where it cannot use that.</summary>
/// <param name="Preferred">Absolute path.</param>
/// <param name="Fallback">Absolute path; <see langword="null"/> when the author named the folder, who then gets an error instead of a surprise.</param>
internal sealed record DataFolders(string Preferred, string? Fallback)
{
    internal const string RootSetting = "Processes:DataRoot";

    /// <summary>The one that holds <paramref name="relativePath"/> already.</summary>
    /// <returns>An absolute path, or <see langword="null"/> when neither has it.</returns>
    public string? Find(string relativePath) => new[] { Preferred, Fallback }
        .OfType<string>()
        .Select(folder => Path.Combine(folder, relativePath))
        .FirstOrDefault(File.Exists);

    /// <summary>
    /// A bind mount's source; else <c>.data/(named volume or resource)</c> in the repository with a fallback among this user's (root: this machine's)
    /// states; else the same under the setting <c>Processes:DataRoot</c>.
    /// </summary>
    /// <param name="builder">The AppHost's builder.</param>
    /// <param name="server">The server.</param>
    /// <param name="folderInImage">Where the container image keeps its data: what is mounted there or below is the data.</param>
    public static DataFolders For(IDistributedApplicationBuilder builder, ContainerResource server, string folderInImage)
    {
        var mount = server.Annotations.OfType<ContainerMountAnnotation>()
            .LastOrDefault(mount => mount.Target == folderInImage || mount.Target.StartsWith($"{folderInImage}/", StringComparison.Ordinal));
        if (mount is { Type: ContainerMountType.BindMount, Source: { } source })
        {
            return new(Path.GetFullPath(source, builder.AppHostDirectory), Fallback: null);
        }

        // A volume that the author did not name is called after AppHost and resource; here the resource alone says enough.
        var unnamed = VolumeNameGenerator.Generate(builder.CreateResourceBuilder(server), "data");
        var folder = mount?.Source is { } volume && volume != unnamed ? volume : server.Name;
        if (builder.Configuration[RootSetting] is { Length: > 0 } root)
        {
            return new(Path.Combine(Path.GetFullPath(root, builder.AppHostDirectory), folder), Fallback: null);
        }

        var repository = RepositoryOf(builder.AppHostDirectory);
        return new(Path.Combine(repository, ".data", folder), Path.Combine(StateFolder(), NameOf(repository), folder));
    }

    /// <summary>Trellis' own folder among this user's states (XDG base directories); root's is one that other users can enter.</summary>
    public static string StateFolder()
    {
        if (Environment.IsPrivilegedProcess)
        {
            return "/var/lib/trellis";
        }

        var states = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        return Path.Combine(
            Path.IsPathRooted(states) ? states : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state"),
            "trellis");
    }

    /// <summary>How an AppHost is named to another one that wants the same folder.</summary>
    /// <param name="builder">The AppHost's builder.</param>
    public static string HolderName(IDistributedApplicationBuilder builder) => $"the AppHost in {builder.AppHostDirectory} (process {Environment.ProcessId})";

    private static string RepositoryOf(string appHostFolder)
    {
        for (var folder = new DirectoryInfo(appHostFolder); folder is not null; folder = folder.Parent)
        {
            // In a work tree .git is a file.
            if (Path.Exists(Path.Combine(folder.FullName, ".git")) || File.Exists(Path.Combine(folder.FullName, "Aspire.sln")))
            {
                return folder.FullName;
            }
        }

        return Path.GetFullPath(appHostFolder);
    }

    // Two clones of one repository have the same name, but not the same data.
    private static string NameOf(string repository)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(repository)));
        return $"{Path.GetFileName(repository)}-{hash[..8]}";
    }
}
