using Aspire.Hosting.Tests.Dcp;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Tests.ApplicationModel;

public sealed class Appearance
{
    [Fact]
    public async Task Resources_are_hidden_always_or_once_they_have_ended_as_they_should_as_in_Microsofts_package()
    {
        var builder = RunningApplication.CreateBuilder();
        builder.AddExecutable("always", "/bin/sleep", ".", "60").WithHidden();
        builder.AddExecutable("done", "/bin/sh", ".", "-c", "exit 0").WithHiddenOnCompletion();
        builder.AddExecutable("known", "/bin/sh", ".", "-c", "exit 3").WithHiddenOnCompletion(3);
        builder.AddExecutable("failed", "/bin/sh", ".", "-c", "exit 4").WithHiddenOnCompletion(0, 3);
        await using var running = await RunningApplication.StartAsync(builder);

        Assert.True((await running.WaitForAsync("always", KnownResourceStates.Running)).IsHidden);
        Assert.True((await EndedAsync("done")).IsHidden);
        Assert.True((await EndedAsync("known")).IsHidden);
        Assert.False((await EndedAsync("failed")).IsHidden);

        async Task<CustomResourceSnapshot> EndedAsync(string name) => (await running.Notifications.WaitForResourceAsync(
            name, change => change.Snapshot.ExitCode is not null && change.Snapshot.IsOver, DcpFixture.Deadline())).Snapshot;
    }

    [Fact]
    public async Task Health_follows_from_what_an_integration_reports()
    {
        var builder = RunningApplication.CreateBuilder();
        var maps = builder.AddExternalService("maps", "https://maps.example.org/");
        await using var running = await RunningApplication.StartAsync(builder);
        Assert.Equal(HealthStatus.Healthy, (await running.WaitForAsync("maps", KnownResourceStates.Running)).HealthStatus);

        await running.Notifications.PublishUpdateAsync(
            maps.Resource, snapshot => snapshot.WithHealthReports([new HealthReportSnapshot("own", HealthStatus.Degraded, "slow", null)]));

        Assert.True(running.Notifications.TryGetCurrentState("maps", out var current));
        Assert.Equal(HealthStatus.Degraded, current.Snapshot.HealthStatus);
    }

    [Fact]
    public void Parameters_say_what_they_are_for()
    {
        var parameter = TestApplication.Create().AddParameter("region").WithDescription("Where *orders* go.", enableMarkdown: true).Resource;
        Assert.Equal(("Where *orders* go.", true), (parameter.Description, parameter.EnableDescriptionMarkdown));
    }
}
