using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Trellis.ServiceDefaults.Configuration;

namespace Trellis.ServiceDefaults.Tests;

public sealed class ManagementPortTests
{
    public static TheoryData<string> ManagementPaths => ["/health", "/ready", "/metrics", "/openapi/v1.json", "/HEALTH", "/health/", "/%68ealth"];

    [Theory]
    [MemberData(nameof(ManagementPaths))]
    public async Task Serves_the_management_paths_only_on_the_management_port(string path)
    {
        var (service, management) = await StartAsync();
        await using (service)
        {
            using var inside = await service.Http.GetAsync(new Uri($"http://127.0.0.1:{management}{path}"));
            using var outside = await service.Http.GetAsync(path);

            Assert.Equal(HttpStatusCode.OK, inside.StatusCode);
            await TestService.ReadProblemAsync(outside, 404);
        }
    }

    [Fact]
    public async Task Serves_nothing_else_on_the_management_port()
    {
        var (service, management) = await StartAsync();
        await using (service)
        {
            using var inside = await service.Http.GetAsync(new Uri($"http://127.0.0.1:{management}/items"));

            await TestService.ReadProblemAsync(inside, 404);
            Assert.Equal("items", await service.Http.GetStringAsync("/items"));
        }
    }

    [Fact]
    public async Task Tells_callers_on_the_management_port_what_the_service_depends_on()
    {
        var (service, management) = await StartAsync();
        await using (service)
        {
            var report = await service.Http.GetStringAsync(new Uri($"http://127.0.0.1:{management}/ready"));

            Assert.Contains("\"checks\"", report, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Does_not_believe_the_host_header()
    {
        var (service, management) = await StartAsync();
        await using (service)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/health");
            request.Headers.Host = $"127.0.0.1:{management}";

            using var response = await service.Http.SendAsync(request);

            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("65536")]
    public async Task Refuses_to_start_with_a_port_that_is_none_and_names_the_setting(string port)
    {
        var failure = await Assert.ThrowsAsync<InvalidSettingsException>(() => TestService.StartAsync(settings: new() { ["Management:Port"] = port }));

        Assert.Contains("Management__Port", failure.Message, StringComparison.Ordinal);
        Assert.Contains(port, failure.Message, StringComparison.Ordinal);
    }

    private static async Task<(TestService Service, int Port)> StartAsync()
    {
        int port;
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }

        var service = await TestService.StartAsync(
            app => app.MapGet("/items", () => "items"),
            settings: new() { ["Management:Port"] = port.ToString() });
        return (service, port);
    }
}
