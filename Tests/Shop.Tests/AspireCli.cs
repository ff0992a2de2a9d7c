using System.Diagnostics;
using Trellis.Tests;

namespace Shop.Tests;

/// <summary>The real CLI of the pinned version, in a home folder that goes with the test.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
internal sealed class AspireCli
{
    private readonly Dictionary<string, string?> _environment;

    public AspireCli(RunFolder folder)
    {
        var home = Directory.CreateDirectory(Path.Combine(folder.Path, "home")).FullName;
        _environment = new(folder.Environment, StringComparer.Ordinal)
        {
            ["HOME"] = home,
            ["DOTNET_CLI_HOME"] = home,
            ["DOTNET_NOLOGO"] = "true",
            ["ASPIRE_CLI_TELEMETRY_OPTOUT"] = "true",
            ["NO_COLOR"] = "1",

            // Found by the CLI, as a developer's own AppHost is.
            [OwnBackchannelFolder.Variable] = null,
        };
    }

    /// <summary>Beside the engine.</summary>
    public static string Program { get; } = Path.GetFullPath(Path.Combine(
        System.Environment.GetEnvironmentVariable("ASPIRE_DCP_PATH") ?? Path.Combine(BuiltSystem.Repository, ".tools", "aspire", "bundle", "dcp"), "..", "..", "bin", "aspire"));

    public static string Project { get; } = Path.Combine(BuiltSystem.Repository, "AppHost", "AppHost.csproj");

    public IReadOnlyDictionary<string, string?> Environment => _environment;

    /// <summary>A command that takes the AppHost's executable and arguments, and has the CLI start its project with them.</summary>
    public static string[] Starting(string verb, params string[] launcher) =>
    [
        .. launcher, "bash", "-c", $"""shift; exec '{Program}' {verb} --no-build --nologo --apphost '{Project}' -- "$@" """, "bash",
    ];

    /// <summary>Runs a command to its end.</summary>
    public async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, [.. arguments, "--apphost", Project, "--nologo", "--non-interactive"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in _environment)
        {
            start.Environment[name] = value;
        }

        using var cli = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        try
        {
            var output = cli.StandardOutput.ReadToEndAsync(deadline.Token);
            var errors = cli.StandardError.ReadToEndAsync(deadline.Token);
            await cli.WaitForExitAsync(deadline.Token);
            return (cli.ExitCode, await output + await errors);
        }
        finally
        {
            cli.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Runs a command that has to succeed.</summary>
    /// <returns>What it wrote.</returns>
    public async Task<string> SucceedAsync(params string[] arguments)
    {
        var (exitCode, output) = await RunAsync(arguments);
        Assert.True(exitCode == 0, $"aspire {string.Join(' ', arguments)}: {output}");
        return output;
    }
}
