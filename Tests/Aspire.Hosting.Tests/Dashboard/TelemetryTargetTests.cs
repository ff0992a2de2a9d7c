using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Dashboard;

public sealed class TelemetryTargetTests
{
    [Fact]
    public async Task Nobody_is_told_to_send_telemetry_to_a_dashboard_that_is_not_there()
    {
        var deadline = Wait.Deadline(60);
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            Args = ["ASPNETCORE_URLS=http://127.0.0.1:0", "ASPIRE_DASHBOARD_PATH=/nowhere"],
            AssemblyName = typeof(TelemetryTargetTests).Assembly.GetName().Name,
        });
        builder.AddExecutable("service", "/bin/sleep", "/", "600").WithOtlpExporter();
        await using var app = builder.Build();
        await app.StartAsync(deadline);

        var notifications = app.Services.GetRequiredService<ResourceNotificationService>();
        var running = await notifications.WaitForResourceAsync("service", change => change.Snapshot.State?.Text == KnownResourceStates.Running, deadline);

        Assert.DoesNotContain(running.Snapshot.EnvironmentVariables, variable => variable.IsFromSpec && variable.Name.StartsWith("OTEL_EXPORTER_", StringComparison.Ordinal));
        await app.StopAsync(deadline);
    }
}
