namespace Trellis.Hosting.Processes.Tests;

/// <summary>A folder that every user of this machine can enter, gone after the test.</summary>
internal sealed class TestFolder : IDisposable
{
    private const UnixFileMode Everyone =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    public TestFolder() => Directory.CreateDirectory(Path, Everyone);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"trellis-{Guid.NewGuid():N}");

    public string this[string relativePath] => System.IO.Path.Combine(Path, relativePath);

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
