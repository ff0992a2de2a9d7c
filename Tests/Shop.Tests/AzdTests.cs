using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Shop.Tests;

/// <summary>The two commands by which the Azure Developer CLI recognizes an AppHost and reads its model.</summary>
public sealed class AzdTests
{
    private static readonly string AppHostProject = Path.Combine(BuiltSystem.Repository, "AppHost", "AppHost.csproj");

    // What azd can make infrastructure of; a process, for example, is an error to it.
    private static readonly string[] AcceptedTypes =
        ["project.v0", "project.v1", "container.v0", "container.v1", "dockerfile.v0", "parameter.v0", "value.v0", "annotated.string"];

    [Fact]
    public async Task The_AppHost_is_recognized() =>
        Assert.Equal("true", (await DotnetAsync("msbuild", AppHostProject, "--getProperty:IsAspireHost")).Trim());

    [Fact]
    public async Task The_manifest_that_azd_asks_for_holds_only_what_it_accepts()
    {
        var folder = Directory.CreateTempSubdirectory("azd-").FullName;
        try
        {
            var file = Path.Combine(folder, "apphost-manifest.json");
            await DotnetAsync("run", "--project", AppHostProject, "--publisher", "manifest", "--output-path", file);

            var resources = JsonNode.Parse(await File.ReadAllTextAsync(file))!["resources"]!.AsObject();
            Assert.NotEmpty(resources);
            Assert.All(resources, resource => Assert.Contains((string)resource.Value!["type"]!, AcceptedTypes));
            // Paths are relative to the manifest, wherever that is.
            Assert.All(
                resources.Select(resource => (string?)resource.Value!["path"]).OfType<string>(),
                path => Assert.True(File.Exists(Path.GetFullPath(Path.Combine(folder, path))), path));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> DotnetAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = Path.GetDirectoryName(AppHostProject),
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        await using var kill = deadline.Token.Register(() => process.Kill(entireProcessTree: true));
        await process.WaitForExitAsync(CancellationToken.None);
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}: {await output}{await errors}");
        return await output;
    }
}
