using System.Diagnostics;

namespace Shop.Receipts.Tests;

/// <summary>The function as it is deployed: native code, published once for all tests. Where there is no linker, the build.</summary>
public sealed class ReceiptsProgram : IAsyncLifetime
{
    /// <summary>The build.</summary>
    public static readonly IReadOnlyList<string> Built = ["dotnet", Path.Combine(AppContext.BaseDirectory, "Shop.Receipts.dll")];

    private static readonly string[] Linkers = ["clang", "gcc"];

    /// <summary>Whether native code can be made here.</summary>
    public static bool CanLink { get; } = Array.Exists(Linkers, IsInstalled);

    /// <summary>How it is started.</summary>
    public IReadOnlyList<string> Command { get; private set; } = Built;

    /// <summary>What the build said.</summary>
    public string Output { get; private set; } = "";

    /// <summary>Whether a program is on the PATH.</summary>
    public static bool IsInstalled(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>Runs a program to its end.</summary>
    public static async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync() + await errors;
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }

    /// <inheritdoc />
    public async Task InitializeAsync()
    {
        if (!CanLink)
        {
            return;
        }

        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Aspire.sln")))
        {
            root = Path.GetDirectoryName(root)!;
        }

        var artifacts = Path.Combine(root, "artifacts", "native-receipts");
        (var code, Output) = await RunAsync(
            "dotnet", "publish", Path.Combine(root, "Services", "Receipts"), "-c", "Release", "--artifacts-path", artifacts, "--nologo", "--disable-build-servers");
        Assert.True(code == 0, Output);
        Command = [Path.Combine(artifacts, "publish", "Receipts", "release", "Shop.Receipts")];
    }

    /// <inheritdoc />
    public Task DisposeAsync() => Task.CompletedTask;
}
