namespace Trellis.Tests;

/// <summary>A folder that goes with the test. Every user of this machine can enter it: servers run as users of their own.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
internal sealed class TemporaryFolder : IDisposable
{
    private const UnixFileMode EveryoneEnters = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    public TemporaryFolder() => File.SetUnixFileMode(Path, EveryoneEnters);

    public string Path { get; } = Directory.CreateTempSubdirectory("trellis-test-").FullName;

    /// <summary>The path of something in it, whether it exists or not.</summary>
    public string this[string relativePath] => System.IO.Path.Combine(Path, relativePath);

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
