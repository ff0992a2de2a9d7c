using System.Diagnostics;
using Trellis.Tests;

namespace Shop.Tests;

/// <summary>What runs of the system need on disk, gone with the test.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
internal sealed class RunFolder : IDisposable
{
    private const UnixFileMode EveryoneWrites = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute | UnixFileMode.StickyBit;

    private readonly TemporaryFolder _folder = new();

    public RunFolder()
    {
        Directory.CreateDirectory(Temp);
        File.SetUnixFileMode(Temp, EveryoneWrites);
    }

    public string Path => _folder.Path;

    /// <summary>For the servers' data; made by who needs it.</summary>
    public string Data => _folder["data"];

    /// <summary>Stands for /tmp, so that what a run leaves behind is seen.</summary>
    public string Temp => _folder["tmp"];

    /// <summary>The environment that makes programs use <see cref="Temp"/>.</summary>
    public Dictionary<string, string?> Environment => new(StringComparer.Ordinal) { ["TMPDIR"] = Temp };

    /// <summary>The engine's folders that are still there.</summary>
    public string[] EngineFolders() => Directory.GetDirectories(Temp, "aspire-*");

    public void GiveTo(string user)
    {
        using var chown = Process.Start("chown", ["-R", user, Path]);
        chown.WaitForExit();
        Assert.Equal(0, chown.ExitCode);
    }

    public void Dispose() => _folder.Dispose();
}
