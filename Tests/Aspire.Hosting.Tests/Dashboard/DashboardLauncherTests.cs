using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

public sealed class DashboardLauncherTests
{
    private readonly DistributedApplicationModel _model = new(new ResourceCollection());

    [Theory]
    [InlineData("http://127.0.0.1", "ASPNETCORE_URLS")]
    [InlineData("http://localhost", "ASPNETCORE_URLS")]
    [InlineData("http://*", "ASPNETCORE_URLS")]
    [InlineData("http://127.0.0.1", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL")]
    public async Task A_port_that_is_taken_is_named_with_its_owner_and_the_AppHost_goes_on(string address, string setting)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await using var dashboard = DashboardUnderTest.Create((setting, $"{address}:{port}"));

        await dashboard.Launcher.AddToModelAsync(_model, Wait.Deadline());

        Assert.Empty(_model.Resources);
        var message = await dashboard.Log.MessageAsync(LogLevel.Error, "There is no dashboard", Wait.Deadline());
        Assert.Contains($"port {port} ", message, StringComparison.Ordinal);
        Assert.Contains($"(pid {Environment.ProcessId})", message, StringComparison.Ordinal);
        Assert.Contains(setting, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/nowhere/aspire-managed")]
    public async Task A_binary_that_is_missing_is_named_with_the_setting_and_the_AppHost_goes_on(string path)
    {
        // An assembly of which the build knows nothing.
        await using var dashboard = DashboardUnderTest.Create(typeof(object).Assembly, ("ASPIRE_DASHBOARD_PATH", path));

        await dashboard.Launcher.AddToModelAsync(_model, Wait.Deadline());

        Assert.Empty(_model.Resources);
        var message = await dashboard.Log.MessageAsync(LogLevel.Error, "There is no dashboard", Wait.Deadline());
        Assert.Contains("ASPIRE_DASHBOARD_PATH", message, StringComparison.Ordinal);
        Assert.Contains(path, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dashboard_that_ends_at_once_is_reported_with_its_output_and_the_AppHost_goes_on()
    {
        var directory = Directory.CreateTempSubdirectory();
        try
        {
            var broken = Path.Combine(directory.FullName, "aspire-managed");
            await File.WriteAllTextAsync(broken, "#!/bin/sh\necho \"cannot: $1\" >&2\nexit 3\n");
            using (var chmod = Process.Start("chmod", ["u+x", broken]))
            {
                await chmod.WaitForExitAsync();
            }

            await using var dashboard = DashboardUnderTest.Create(("ASPIRE_DASHBOARD_PATH", broken));

            await dashboard.Launcher.AddToModelAsync(_model, Wait.Deadline());
            await using var process = await DashboardProcess.StartAsync(dashboard, Assert.IsType<ExecutableResource>(Assert.Single(_model.Resources)));

            var message = await dashboard.Log.MessageAsync(LogLevel.Error, "The dashboard ended", Wait.Deadline());
            Assert.Contains("exit code 3", message, StringComparison.Ordinal);
            Assert.Contains("cannot: dashboard", message, StringComparison.Ordinal);
            Assert.DoesNotContain(dashboard.Log.Entries, entry => entry.Message.StartsWith("Now listening", StringComparison.Ordinal));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_dashboard_is_hidden_and_starts_first()
    {
        await using var dashboard = DashboardUnderTest.Create();
        _model.Resources.Add(new ExecutableResource("catalog", "catalog", "/"));

        await dashboard.Launcher.AddToModelAsync(_model, Wait.Deadline());

        var resource = _model.Resources[0];
        Assert.Equal("aspire-dashboard", resource.Name);
        Assert.True(Assert.Single(resource.Annotations.OfType<ResourceSnapshotAnnotation>()).InitialSnapshot.IsHidden);
    }
}
