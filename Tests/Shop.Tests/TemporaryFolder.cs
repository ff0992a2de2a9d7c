using System.Diagnostics;

namespace Shop.Tests;

/// <summary>A folder that goes with the test, which the servers' own users can enter as well.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
internal sealed class TemporaryFolder : IDisposable
{
    private const UnixFileMode EveryoneEnters = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private const UnixFileMode EveryoneWrites = EveryoneEnters | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite | UnixFileMode.StickyBit;

    public TemporaryFolder()
    {
        File.SetUnixFileMode(FullName, EveryoneEnters);
        Directory.CreateDirectory(Temp);
        File.SetUnixFileMode(Temp, EveryoneWrites);
    }

    public string FullName { get; } = Directory.CreateTempSubdirectory("trellis-shop-").FullName;

    /// <summary>For the servers' data; made by who needs it.</summary>
    public string Data => Path.Combine(FullName, "data");

    /// <summary>Stands for /tmp, so that what a run leaves behind is seen.</summary>
    public string Temp => Path.Combine(FullName, "tmp");

    /// <summary>The environment that makes programs use <see cref="Temp"/>.</summary>
    public Dictionary<string, string?> Environment => new(StringComparer.Ordinal) { ["TMPDIR"] = Temp };

    /// <summary>The engine's folders that are still there.</summary>
    public string[] EngineFolders() => Directory.GetDirectories(Temp, "aspire-*");

    public void GiveTo(string user)
    {
        using var chown = Process.Start("chown", ["-R", user, FullName]);
        chown.WaitForExit();
        Assert.Equal(0, chown.ExitCode);
    }

    public void Dispose() => Directory.Delete(FullName, recursive: true);
}
