using Aspire.Hosting.Dcp;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Tests.Dcp;

/// <summary>Containers on a machine without a container engine.</summary>
public sealed class MissingContainerEngineTests
{
    [Fact]
    public async Task The_container_says_what_to_install_and_the_others_go_on()
    {
        var builder = RunningApplication.CreateBuilder();
        HideContainerEngines(builder);
        var cache = builder.AddContainer("cache", "redis").WithEndpoint(targetPort: 6379);
        builder.AddExecutable("worker", "/bin/sh", ".", "-c", "exec /bin/sleep 60");
        await using var running = await RunningApplication.StartAsync(builder);

        await running.WaitForAsync("worker", KnownResourceStates.Running);
        await running.WaitForAsync("cache", KnownResourceStates.FailedToStart);
        var message = (await running.ReadLogAsync(cache.Resource, lines => lines.Any(line => line.IsError))).First(line => line.IsError).Text;
        Assert.Contains("'cache'", message, StringComparison.Ordinal);
        Assert.Contains("Docker", message, StringComparison.Ordinal);
        Assert.Contains("Podman", message, StringComparison.Ordinal);
        Assert.Contains("RunAsProcess()", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Starting_it_by_command_looks_again_and_says_the_same()
    {
        var builder = RunningApplication.CreateBuilder();
        HideContainerEngines(builder);
        builder.AddContainer("cache", "redis").WithExplicitStart();
        await using var running = await RunningApplication.StartAsync(builder);
        await running.WaitForAsync("cache", KnownResourceStates.NotStarted);

        var result = await running.Commands.ExecuteCommandAsync("cache", KnownResourceCommands.StartCommand, DcpFixture.Deadline(40));

        Assert.False(result.Success);
        Assert.Contains("Podman", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_without_a_target_port_is_refused_by_name()
    {
        var builder = RunningApplication.CreateBuilder();
        builder.AddContainer("cache", "redis").WithEndpoint(name: "wire");

        var refusal = await Assert.ThrowsAsync<DistributedApplicationException>(() => RunningApplication.StartAsync(builder));

        Assert.Contains("'wire'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("'cache'", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DcpPublisher:ContainerRuntime")]
    [InlineData("ASPIRE_CONTAINER_RUNTIME")]
    public async Task The_container_engine_is_chosen_by_setting_as_in_Microsofts_package(string setting)
    {
        var builder = RunningApplication.CreateBuilder($"--{setting}=podman");
        HideContainerEngines(builder);
        var cache = builder.AddContainer("cache", "redis");
        await using var running = await RunningApplication.StartAsync(builder);

        await running.ReadLogAsync(cache.Resource, lines => lines.Any(line => line.Text.Contains("'podman'", StringComparison.Ordinal)));
    }

    private static void HideContainerEngines(IDistributedApplicationBuilder builder) =>
        builder.Services.Configure<DcpOptions>(options => options.Environment["PATH"] = "/nonexistent");
}
