using System.Formats.Tar;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Trellis.Images.Tests;

/// <summary>An image that can be built can still fail to start: a service on the runtime and one in native code.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed partial class RunningTests
{
    private static readonly string[] Shells = ["sh", "bash", "dash", "ash", "busybox", "apt", "apk"];

    [ContainerFact]
    public async Task Images_start_without_root_on_a_file_system_that_cannot_be_written()
    {
        await using var registry = await BaseImageRegistry.StartAsync();
        await using var engine = new Engine();
        using var archives = new TemporaryFolder();

        foreach (var (project, image) in new[] { ("Gateway", "trellis/gateway"), ("Services/Receipts", "shop/receipts") })
        {
            var archive = archives[Path.GetFileName(project) + ".tar.gz"];
            await Command.RunAsync(
                "dotnet",
                [
                    "publish", project, "-c", "Release", "--artifacts-path", Path.Combine(Command.Root, "artifacts", "images"), "--nologo", "--disable-build-servers",
                    "-t:PublishContainer", $"-p:ContainerBaseImage={registry.Address}/base:1", $"-p:ContainerArchiveOutputPath={archive}", "-p:ContainerImageTag=test",
                ],
                new() { ["DOTNET_CONTAINER_INSECURE_REGISTRIES"] = registry.Address });
            var loaded = LoadedLine().Match(await engine.RunAsync("load", "--input", archive)).Groups[1].Value;

            Assert.EndsWith($"/{image}:test", loaded, StringComparison.Ordinal);
            await AssertRunsAsync(engine, loaded);
        }
    }

    private static async Task AssertRunsAsync(Engine engine, string image)
    {
        var config = JsonDocument.Parse(await engine.RunAsync("image", "inspect", image)).RootElement[0].GetProperty("Config");
        Assert.Equal("1654", config.GetProperty("User").GetString());

        var container = (await engine.RunAsync(
            "run", "--detach", "--ulimit", "host", "--read-only", "--cap-drop", "all", "--security-opt", "no-new-privileges", "--network", "host",
            "--env", "ASPNETCORE_URLS=http://127.0.0.1:0", "--env", "ASPNETCORE_HTTP_PORTS=", "--env", "Management__Port=", "--env", "Health__DrainDelay=0", image)).Trim();
        using var folder = new TemporaryFolder();
        await engine.RunAsync("export", container, "--output", folder["files.tar"]);
        Assert.DoesNotContain(NamesIn(folder["files.tar"]), name => Shells.Contains(Path.GetFileName(name), StringComparer.Ordinal));

        var address = "";
        await Eventually.TrueAsync(
            async () =>
            {
                address = ListeningLine().Match(await engine.RunAsync("logs", container)).Groups[1].Value;
                return address.Length > 0;
            },
            $"{image} does not listen", seconds: 60);
        using var http = new HttpClient { BaseAddress = new Uri(address) };
        using var answer = await http.GetAsync("/api/nobody");
        var process = (await engine.RunAsync("inspect", "--format", "{{.State.Pid}}", container)).Trim();
        var status = await File.ReadAllTextAsync($"/proc/{process}/status");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Matches(@"(?m)^Uid:\s+1654\s+1654\s+1654\s+1654$", status);
        Assert.Matches(@"(?m)^CapEff:\s+0+$", status);
        await engine.RunAsync("stop", "--time", "20", container);
        Assert.Equal("0", (await engine.RunAsync("inspect", "--format", "{{.State.ExitCode}}", container)).Trim());
    }

    private static List<string> NamesIn(string archive)
    {
        using var reader = new TarReader(File.OpenRead(archive));
        var names = new List<string>();
        while (reader.GetNextEntry() is { } entry)
        {
            names.Add(entry.Name);
        }

        Assert.Contains(names, name => name.StartsWith("app/", StringComparison.Ordinal));
        return names;
    }

    [GeneratedRegex(@"Loaded image\S*: (\S+)")]
    private static partial Regex LoadedLine();

    [GeneratedRegex(@"Now listening on: (http://[^\s""]+)")]
    private static partial Regex ListeningLine();
}
