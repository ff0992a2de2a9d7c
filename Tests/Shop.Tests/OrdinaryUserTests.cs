using System.Diagnostics;
using System.Reflection;

namespace Shop.Tests;

/// <summary>The system for those who are not root, as developers are.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class OrdinaryUserTests : IDisposable
{
    private static readonly string[] AsNobody = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"];

    private readonly RunFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [OrdinaryUserFact]
    public async Task Everything_runs_as_an_ordinary_user_and_leaves_nothing()
    {
        var home = Path.Combine(_folder.Path, "home");
        Directory.CreateDirectory(home);
        _folder.GiveTo("nobody");

        await using var run = await ShopRun.StartAsync(
            _folder,
            launcher: AsNobody,
            environment: new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["HOME"] = home,
                ["USER"] = "nobody",
                ["LOGNAME"] = "nobody",
                ["XDG_STATE_HOME"] = null,
                ["XDG_CONFIG_HOME"] = null,
                ["DOTNET_CLI_HOME"] = null,
            });

        Assert.True(await ShopRun.CountDesksAsync(run) > 0);
        Assert.All(run.Family(), pid => Assert.Equal("nobody", OwnerOf(pid)));
        await run.EndAsync("TERM", ShopRun.StopTimeout);
        Assert.Equal(0, run.ExitCode);
        Assert.Empty(_folder.EngineFolders());
    }

    /// <summary>The user of a process; those that have ended meanwhile count as right.</summary>
    private static string OwnerOf(int pid)
    {
        using var stat = Process.Start(new ProcessStartInfo("stat", ["--format=%U", $"/proc/{pid}"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var owner = stat.StandardOutput.ReadToEnd().Trim();
        stat.WaitForExit();
        return owner.Length == 0 ? "nobody" : owner;
    }

    /// <summary>Skipped with a reason where this user cannot become another, or the other cannot read what was built.</summary>
    private sealed class OrdinaryUserFactAttribute : FactAttribute
    {
        public OrdinaryUserFactAttribute()
        {
            Skip = !Environment.IsPrivilegedProcess ? "Only root can become another user; run by an ordinary user, the other tests show the same."
                : Needed().FirstOrDefault(program => !NobodyCan("-x", program)) is { } program
                    ? $"The user nobody cannot run {program}; make it and its folders readable (chmod -R a+rX), or clone elsewhere."
                : null;
        }

        private static IEnumerable<string> Needed() => typeof(Projects.AppHost).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Where(attribute => attribute.Key is "dcpclipath" or "aspiredashboardpath")
            .Select(attribute => attribute.Value!)
            .Prepend(BuiltSystem.AppHost);

        private static bool NobodyCan(string what, string path)
        {
            try
            {
                using var test = Process.Start(AsNobody[0], [.. AsNobody[1..], "test", what, path]);
                test.WaitForExit();
                return test.ExitCode == 0;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return false;
            }
        }
    }
}
