using Aspire.Hosting.Tests.Dcp;

namespace Aspire.Hosting.Tests.ApplicationModel;

#pragma warning disable ASPIREPROBES001 // Probes are an experiment in Microsoft's package.
public sealed class Probes
{
    [Fact]
    public async Task Are_health_checks_where_the_application_runs_as_in_Microsofts_package()
    {
        var ready = false;
        await using var server = await HttpServer.StartAsync(context =>
        {
            context.Response.StatusCode = Volatile.Read(ref ready) && context.Request.Path == "/ready" ? 200 : 503;
            return Task.CompletedTask;
        });
        var builder = RunningApplication.CreateBuilder();
        builder.AddExecutable("worker", "/bin/sleep", ".", "600").WithHttpEndpoint(targetPort: server.Address.Port)
            .WithHttpProbe(ProbeType.Readiness, "/ready");
        await using var running = await RunningApplication.StartAsync(builder);
        await running.Notifications.WaitForResourceAsync("worker", change => change.Snapshot.HealthReports.Any(report => report.LastRunAt is not null), DcpFixture.Deadline());

        Volatile.Write(ref ready, true);
        await running.Notifications.WaitForResourceHealthyAsync("worker", DcpFixture.Deadline());
    }

    [Fact]
    public void Are_one_of_each_type_with_the_settings_that_were_said_last()
    {
        var process = TestApplication.Create().AddExecutable("process", "true", ".").WithHttpEndpoint().WithHttpEndpoint(name: "admin");
        process.WithHttpProbe(ProbeType.Liveness, "/live")
            .WithHttpProbe(ProbeType.Startup, "/started", endpointName: "admin")
            .WithHttpProbe(ProbeType.Liveness, () => process.GetEndpoint("admin"), "/alive", 1, 2, 3, 4, 5);

        var probes = process.Resource.Annotations.OfType<EndpointProbeAnnotation>().ToDictionary(probe => probe.Type);
        Assert.Equal(2, probes.Count);
        var startup = probes[ProbeType.Startup];
        Assert.Equal(("admin", "/started", 5, 5, 1, 3, 1), (startup.EndpointReference.EndpointName, startup.Path, startup.InitialDelaySeconds, startup.PeriodSeconds, startup.TimeoutSeconds, startup.FailureThreshold, startup.SuccessThreshold));
        var liveness = probes[ProbeType.Liveness];
        Assert.Equal(("admin", "/alive", 1, 2, 3, 4, 5), (liveness.EndpointReference.EndpointName, liveness.Path, liveness.InitialDelaySeconds, liveness.PeriodSeconds, liveness.TimeoutSeconds, liveness.FailureThreshold, liveness.SuccessThreshold));
        Assert.Equal(3, process.Resource.Annotations.OfType<HealthCheckAnnotation>().Count());
    }
}
