namespace Trellis.Images.Tests;

/// <summary>Podman, with images and containers of its own that go with it.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
internal sealed class Engine : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Runs a command of podman.</summary>
    public Task<string> RunAsync(params string[] arguments) => Command.RunAsync(
        "podman",
        ["--root", _folder["images"], "--runroot", _folder["run"], "--storage-driver", "vfs", "--cgroup-manager", "cgroupfs", "--runtime", "runc", .. arguments]);

    public async ValueTask DisposeAsync()
    {
        await RunAsync("rm", "--all", "--force", "--time", "0");
        _folder.Dispose();
    }
}
