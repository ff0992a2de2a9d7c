using System.Diagnostics;
using System.Reflection;

namespace Aspire.Hosting.Tests.Build;

/// <summary>The script that the build runs to restore engine and dashboard, on machines that lack what it needs.</summary>
public sealed class RestoringTheEngine : IDisposable
{
    private static readonly string[] Commands = ["bash", "cat", "cp", "dirname", "flock", "mkdir", "mv", "rm", "sed", "chmod"];
    private readonly TemporaryFolder _folder = new();

    public RestoringTheEngine()
    {
        Directory.CreateDirectory(_folder["commands"]);
        foreach (var command in Commands)
        {
            var path = new[] { "/usr/bin", "/bin" }.Select(folder => Path.Combine(folder, command)).First(File.Exists);
            File.CreateSymbolicLink(_folder[$"commands/{command}"], path);
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Names_npm_where_it_is_missing()
    {
        await AddAsync("uname", "[[ $1 == -s ]] && echo Linux || echo x86_64");
        var (exitCode, output) = await RunAsync();
        Assert.Equal(1, exitCode);
        Assert.Contains("error TRELLIS001: npm was not found", output, StringComparison.Ordinal);
        Assert.Contains("apt-get install npm", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_the_platform_where_there_is_no_engine_for_it()
    {
        await AddAsync("uname", "[[ $1 == -s ]] && echo Darwin || echo arm64");
        var (exitCode, output) = await RunAsync();
        Assert.Equal(1, exitCode);
        Assert.Contains("this is Darwin arm64", output, StringComparison.Ordinal);
        Assert.Contains("-p:AspirePackages=true", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shows_what_npm_says_when_it_fails_and_tries_again_the_next_time()
    {
        await AddAsync("uname", "[[ $1 == -s ]] && echo Linux || echo x86_64");
        await AddAsync("npm", "echo 'npm error code ENOTFOUND'; exit 1");
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var (exitCode, output) = await RunAsync();
            Assert.Equal(1, exitCode);
            Assert.Contains("npm error code ENOTFOUND", output, StringComparison.Ordinal);
            Assert.Contains("error TRELLIS001: npm could not restore", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Needs_neither_npm_nor_network_when_everything_is_there()
    {
        foreach (var program in new[] { "bundle/dcp/dcp", "bundle/managed/aspire-managed" })
        {
            await AddAsync(Path.Combine("../tools", program), "exit 0");
        }

        var version = File.ReadLines(Path.Combine(ScriptFolder, "package.json")).Single(line => line.Contains("@microsoft/", StringComparison.Ordinal)).Split('"')[3];
        await File.WriteAllTextAsync(_folder["tools/.version"], version + "\n");
        var (exitCode, output) = await RunAsync();
        Assert.Equal(0, exitCode);
        Assert.Empty(output);
    }

    private static string ScriptFolder
    {
        get
        {
            var project = typeof(RestoringTheEngine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "apphostprojectpath").Value!;
            return Path.GetFullPath(Path.Combine(project, "..", "..", "Aspire", "Aspire.Hosting.AppHost", "tools"));
        }
    }

    private async Task AddAsync(string name, string script)
    {
        var path = Path.GetFullPath(_folder[$"commands/{name}"]);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, $"#!/bin/bash\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private async Task<(int ExitCode, string Output)> RunAsync()
    {
        var start = new ProcessStartInfo("/bin/bash", [Path.Combine(ScriptFolder, "restore.sh"), _folder["tools"]])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = _folder["commands"];
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return (process.ExitCode, await output + await errors);
    }
}
