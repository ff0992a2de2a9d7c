using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Python;

/// <summary>A virtual environment of Python (PEP 405).</summary>
/// <param name="Path">Its folder, a full path.</param>
/// <param name="CreateIfMissing">Whether it is made when the folder is not there.</param>
internal sealed record VirtualEnvironment(string Path, bool CreateIfMissing) : IResourceAnnotation
{
    public const string DefaultFolder = ".venv";

    /// <summary>The path of one of its programs, which need not exist.</summary>
    public string Program(string name) => OperatingSystem.IsWindows()
        ? System.IO.Path.Join(Path, "Scripts", name + ".exe")
        : System.IO.Path.Join(Path, "bin", name);

    /// <summary>
    /// Where the environment of an application is looked for: in its folder, then in those above it up to the one that holds the AppHost's,
    /// as in Microsoft's package. The application's own folder where there is none.
    /// </summary>
    public static string Find(string appDirectory, string appHostDirectory)
    {
        var own = System.IO.Path.Join(appDirectory, DefaultFolder);
        if (System.IO.Path.GetDirectoryName(appHostDirectory) is not { } top
            || System.IO.Path.GetRelativePath(top, appDirectory) is var relative && (relative.StartsWith("..", StringComparison.Ordinal) || System.IO.Path.IsPathRooted(relative)))
        {
            return own;
        }

        for (var folder = appDirectory; folder is not null; folder = System.IO.Path.GetDirectoryName(folder))
        {
            if (System.IO.Path.Join(folder, DefaultFolder) is var candidate && Directory.Exists(candidate))
            {
                return candidate;
            }

            if (string.Equals(folder, top, StringComparison.Ordinal))
            {
                break;
            }
        }

        return own;
    }
}
