using System.Text.Json;

namespace Trellis.Images.Tests;

/// <summary>What the image of a service is to be.</summary>
public sealed class PropertyTests
{
    public static TheoryData<string> Projects =>
        ["Gateway", .. Directory.GetDirectories(Path.Combine(Command.Root, "Services")).Where(folder => Directory.GetFiles(folder, "*.csproj").Length > 0).Select(folder => $"Services/{Path.GetFileName(folder)}").Order()];

    [Theory]
    [MemberData(nameof(Projects))]
    public async Task Every_image_has_a_name_of_its_own_a_base_without_a_shell_and_a_user_who_is_not_root(string project)
    {
        var output = await Command.RunAsync(
            "dotnet",
            ["msbuild", project, "-nologo", "-p:Configuration=Release", "-t:ComputeContainerBaseImage", "-getProperty:ContainerRepository", "-getProperty:ContainerBaseImage", "-getProperty:ContainerUser"]);
        var properties = JsonDocument.Parse(output).RootElement.GetProperty("Properties");

        var name = Path.GetFileName(project).ToLowerInvariant();
        Assert.Equal(name == "gateway" ? "trellis/gateway" : $"shop/{name}", properties.GetProperty("ContainerRepository").GetString());
        // Chiseled images without more have no time zones, which the reports of fulfilment need.
        var expected = name switch { "receipts" => "/runtime-deps:10.0-noble-chiseled", "fulfilment" => "/aspnet:10.0-noble-chiseled-extra", _ => "/aspnet:10.0-noble-chiseled" };
        Assert.EndsWith(expected, properties.GetProperty("ContainerBaseImage").GetString(), StringComparison.Ordinal);
        Assert.Equal("1654", properties.GetProperty("ContainerUser").GetString());
    }
}
