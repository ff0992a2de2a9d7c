using Microsoft.Extensions.Hosting;
using Trellis.Tests;

namespace Aspire.Hosting.Testing.Tests;

/// <summary>How the testing builder takes over from an AppHost's entry point.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class EntryPointTests
{
    [Fact]
    public async Task An_assembly_without_an_entry_point_is_named()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(
            () => DistributedApplicationTestingBuilder.CreateAsync<DistributedApplicationOptions>());

        Assert.Contains("Aspire.Hosting does not have an entry point", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_point_that_builds_no_application_is_named()
    {
        // The entry point of this assembly is what the test SDK generates: it does nothing.
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(
            () => DistributedApplicationTestingBuilder.CreateAsync<EntryPointTests>());

        Assert.Contains("Aspire.Hosting.Testing.Tests ended without building", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_AppHost_throws_while_it_describes_its_application_reaches_the_test()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(
            () => DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(["--Gateway:Port=front-door"]));

        Assert.Contains("Gateway:Port", failure.Message, StringComparison.Ordinal);
        Assert.Contains("front-door", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_line_is_part_of_the_configuration()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(["--Shop:Season=winter"]);

        Assert.Equal("winter", builder.Configuration["Shop:Season"]);
    }

    [Fact]
    public async Task The_options_can_be_changed_before_the_AppHost_sees_them()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync(
            typeof(Projects.AppHost), [], (options, settings) => settings.EnvironmentName = options.DisableDashboard ? "Quiet" : "Loud");

        Assert.Equal("Quiet", builder.Environment.EnvironmentName);
    }

    [Fact]
    public async Task The_test_sees_the_model_and_changes_it_before_it_is_built()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>();
        Assert.Contains(builder.Resources, resource => resource.Name == "gateway");
        Assert.Equal(Projects.AppHost.ProjectPath, builder.AppHostDirectory);

        builder.AddParameter("added-by-the-test", "value");
        var application = await builder.BuildAsync();

        Assert.NotNull(application);
        Assert.Contains(builder.Resources, resource => resource.Name == "added-by-the-test");
        Assert.Same(application, await builder.BuildAsync());
    }

    [Fact]
    public void The_launch_profile_that_is_asked_for_counts_else_the_first_as_in_Microsofts_package()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["Properties"]);
        File.WriteAllText(folder["Properties/launchSettings.json"], """
            {
              // The comment and the comma after the last property are what editors allow.
              "profiles": {
                "day": { "environmentVariables": { "DOTNET_ENVIRONMENT": "Day", "LIGHT": "on" } },
                "night": { "environmentVariables": { "LIGHT": "off" }, },
              },
            }
            """);

        Assert.Equal(("day", "on", "Day"), Apply());
        Assert.Equal(("night", "off", null), Apply("--DOTNET_LAUNCH_PROFILE=night"));
        Assert.Contains("'dusk'", Assert.Throws<InvalidOperationException>(() => Apply("--DOTNET_LAUNCH_PROFILE=dusk")).Message, StringComparison.Ordinal);

        (string?, string?, string?) Apply(params string[] args)
        {
            var settings = new HostApplicationBuilderSettings();
            TestingDefaults.Apply(new DistributedApplicationOptions { ProjectDirectory = folder.Path }, settings, args, typeof(EntryPointTests).Assembly);
            return (settings.Configuration!["DOTNET_LAUNCH_PROFILE"], settings.Configuration["LIGHT"], settings.Configuration["ENVIRONMENT"]);
        }
    }
}
