using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace Aspire.Hosting.Tests.Dcp;

/// <summary>The machine's container engine, where there is one that runs containers, and an image that needs no registry.</summary>
internal static class ContainerEngine
{
    /// <summary>An image that holds nothing but busybox.</summary>
    public const string Image = "localhost/trellis-test-busybox:1";

    private const string Busybox = "/bin/busybox";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly Lazy<(string Program, string? Complaint)> Found = new(Find);

    /// <summary>Why containers cannot be run here; null where they can.</summary>
    public static string? Complaint => Found.Value.Complaint;

    /// <summary>Makes a folder that the image, or one on top of it, can be built in.</summary>
    public static void PrepareBuild(string folder, string dockerfile)
    {
        File.Copy(Busybox, Path.Combine(folder, "busybox"));
        File.WriteAllText(Path.Combine(folder, "Dockerfile"), dockerfile);
    }

    /// <summary>Runs a command of the engine and returns what it writes.</summary>
    /// <exception cref="InvalidOperationException">It fails.</exception>
    public static string Run(params string[] arguments) => Execute(Found.Value.Program, arguments);

    private static (string Program, string? Complaint) Find()
    {
        try
        {
            using var information = JsonDocument.Parse(Execute(DcpFixture.Options().CliPath!, "info"));
            var containers = information.RootElement.GetProperty("containers");
            var program = containers.GetProperty("runtime").GetString()!;
            if (!containers.GetProperty("running").GetBoolean())
            {
                return (program, $"no container engine runs here ({program})");
            }

            if (!File.Exists(Busybox))
            {
                return (program, $"there is no {Busybox} to make an image of (Debian: busybox-static)");
            }

            using var folder = new TemporaryFolder();
            PrepareBuild(folder.Path, "FROM scratch\nCOPY busybox /bin/busybox\nCOPY busybox /bin/sh\n");
            Execute(program, "build", "-t", Image, folder.Path);
            Execute(program, "run", "--rm", Image, Busybox, "true");
            return (program, null);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or JsonException or KeyNotFoundException)
        {
            return (string.Empty, $"the container engine cannot run a container here: {exception.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static string Execute(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"{program} {arguments[0]} did not end");
        }

        return process.ExitCode == 0
            ? output.GetAwaiter().GetResult()
            : throw new InvalidOperationException($"{program} {arguments[0]}: {errors.GetAwaiter().GetResult().Trim()}");
    }
}

/// <summary>A test that needs a container engine; skipped, with the reason, where none runs containers.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ContainerFactAttribute : FactAttribute
{
    public ContainerFactAttribute() => Skip = ContainerEngine.Complaint;
}
