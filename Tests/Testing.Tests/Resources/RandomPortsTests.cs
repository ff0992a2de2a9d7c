using Aspire.Hosting.Testing;
using Trellis.Tests;

namespace Trellis.Hosting.Testing.Tests.Resources;

/// <summary>Two runs of one model at a time.</summary>
public sealed class RandomPortsTests
{
    private static readonly (string Resource, string Endpoint)[] Endpoints =
        [("web", "proxied"), ("web", "unproxied"), ("web", "target"), ("launched", "http"), ("launched", "unproxied")];

    [Fact]
    public async Task No_port_that_the_model_or_a_launch_profile_fixes_is_used()
    {
        using var project = new TemporaryFolder();
        Directory.CreateDirectory(project["Properties"]);
        await File.WriteAllTextAsync(project["Properties/launchSettings.json"], """
            { "profiles": { "http": { "commandName": "Project", "applicationUrl": "http://localhost:5111" } } }
            """);
        await using var first = Describe(project);
        await using var second = Describe(project);

        var applications = await Task.WhenAll(first.StartAsync(), second.StartAsync());

        var ports = applications.SelectMany(application => Endpoints.Select(e => application.GetEndpoint(e.Resource, e.Endpoint).Port)).ToArray();
        Assert.Equal(ports.Length, ports.Distinct().Count());
        Assert.DoesNotContain(ports, port => port is 5111 or 5112 or 5113 or 5114 or 5115);
        foreach (var application in applications)
        {
            var told = $"told {application.GetEndpoint("web", "unproxied").Port}.";
            await Eventually.TrueAsync(
                async () => (await application.DescribeResourcesAsync("web")).Contains(told, StringComparison.Ordinal), "The process was told another port");
        }
    }

    private static IDistributedApplicationTestingBuilder Describe(TemporaryFolder project)
    {
        var builder = Running.Builder();
        builder.AddShell("web", "echo told $PORT.; exec sleep 60")
            .WithHttpEndpoint(name: "proxied", port: 5112)
            .WithHttpEndpoint(name: "unproxied", port: 5113, isProxied: false, env: "PORT")
            .WithHttpEndpoint(name: "target", targetPort: 5114, isProxied: false);
        builder.AddProject("launched", project["Launched.csproj"])
            .WithHttpEndpoint(name: "unproxied", port: 5115, isProxied: false)
            .WithExplicitStart();
        return builder.WithRandomPorts();
    }
}
