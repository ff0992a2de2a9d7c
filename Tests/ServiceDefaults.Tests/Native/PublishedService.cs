using System.Diagnostics;

namespace Trellis.ServiceDefaults.Tests.Native;

/// <summary>The slim sample service as native code, published once for all tests. Its artifacts have a folder of their own and stay there for the next run.</summary>
public sealed class PublishedService : IAsyncLifetime
{
    /// <summary>What the build said.</summary>
    public string Output { get; private set; } = "";

    /// <summary>The program.</summary>
    public string Program { get; private set; } = "";

    /// <inheritdoc />
    public async Task InitializeAsync()
    {
        if (!NativeFactAttribute.CanLink)
        {
            return;
        }

        var root = Root();
        var artifacts = Path.Combine(root, "artifacts", "native");
        using var publish = Process.Start(new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                "publish", Path.Combine(root, "Tests", "ServiceDefaults.Tests", "SlimService"), "-c", "Release",
                "--artifacts-path", artifacts, "--nologo", "--disable-build-servers",
            },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        var errors = publish.StandardError.ReadToEndAsync();
        Output = await publish.StandardOutput.ReadToEndAsync() + await errors;
        await publish.WaitForExitAsync();
        Program = Path.Combine(artifacts, "publish", "SlimService", "release", "Trellis.SlimService");
        Assert.True(publish.ExitCode == 0, Output);
    }

    /// <inheritdoc />
    public Task DisposeAsync() => Task.CompletedTask;

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Aspire.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
