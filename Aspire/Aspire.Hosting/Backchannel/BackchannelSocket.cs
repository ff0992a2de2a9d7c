using System.Buffers.Text;
using System.Globalization;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;

namespace Aspire.Hosting.Backchannel;

/// <summary>Where the aspire CLI looks for running AppHosts: one socket file each, named after the project and the process.</summary>
internal static class BackchannelSocket
{
    private const int RandomBytes = 6;

    /// <summary>The folder of the sockets.</summary>
    /// <param name="home">The user's home folder.</param>
    public static string Folder(string home) => Path.Join(home, ".aspire", "cli", "bch");

    /// <summary>A path that nobody else uses: the project's id, eight random characters, a dot and the process id.</summary>
    /// <param name="folder">The folder of the sockets.</param>
    /// <param name="appHostPath">The AppHost's project file.</param>
    public static string NewPath(string folder, string appHostPath)
    {
        var random = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));
        return Path.Join(folder, string.Create(CultureInfo.InvariantCulture, $"{IdOf(appHostPath)}{random}.{Environment.ProcessId}"));
    }

    /// <summary>The eleven characters by which the CLI finds an AppHost whose project it was told.</summary>
    public static string IdOf(string appHostPath) =>
        Base64Url.EncodeToString(XxHash3.Hash(Encoding.UTF8.GetBytes(WithoutLinks(appHostPath))));

    /// <summary>Deletes what AppHosts of the same project left that were killed.</summary>
    public static void DeleteStale(string folder, string appHostPath)
    {
        foreach (var path in Directory.EnumerateFiles(folder, IdOf(appHostPath) + "*"))
        {
            if (int.TryParse(Path.GetExtension(path).AsSpan().TrimStart('.'), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && !Path.Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}")))
            {
                File.Delete(path);
            }
        }
    }

    /// <summary>The path with every link on the way replaced by where it leads.</summary>
    private static string WithoutLinks(string path)
    {
        path = Path.GetFullPath(path);
        if (Path.GetDirectoryName(path) is not { } parent)
        {
            return path;
        }

        var real = Path.Join(WithoutLinks(parent), Path.GetFileName(path));
        FileSystemInfo entry = Directory.Exists(real) ? new DirectoryInfo(real) : new FileInfo(real);
        return entry.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? real;
    }
}
