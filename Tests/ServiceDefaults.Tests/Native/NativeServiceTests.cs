using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace Trellis.ServiceDefaults.Tests.Native;

public sealed class NativeServiceTests(PublishedService published) : IClassFixture<PublishedService>
{
    [NativeFact]
    public async Task The_compiler_has_nothing_to_warn_of_and_what_it_makes_needs_no_runtime_beside_it()
    {
        Assert.DoesNotContain("warning", published.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(Directory.EnumerateFiles(Path.GetDirectoryName(published.Program)!, "*.dll"));
        await using var service = await StartAsync();
    }

    [NativeFact]
    public async Task It_is_live_and_ready_and_its_metrics_can_be_scraped()
    {
        await using var service = await StartAsync();
        await service.Http.GetAsync("/slow?milliseconds=1");

        Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync("/health")).StatusCode);
        var ready = await service.Http.GetFromJsonAsync<JsonElement>("/ready");
        var metrics = await service.Http.GetStringAsync("/metrics");

        Assert.Equal("ready", ready.GetProperty("status").GetString());
        foreach (var name in (string[])["http_server_request_duration_seconds_count", "dotnet_gc_collections_total", "process_cpu_time_seconds_total", "build_info"])
        {
            Assert.Contains($"\n{name}{{", metrics, StringComparison.Ordinal);
        }

        Assert.Contains("http_route=\"/slow\"", metrics, StringComparison.Ordinal);
    }

    [NativeFact]
    public async Task Health_is_on_the_management_port_alone_where_there_is_one()
    {
        int port;
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }

        await using var service = await StartAsync(new() { ["Management__Port"] = $"{port}" });

        Assert.Equal(HttpStatusCode.NotFound, (await service.Http.GetAsync("/health")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync($"http://127.0.0.1:{port}/ready")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await service.Http.GetAsync($"http://127.0.0.1:{port}/slow?milliseconds=1")).StatusCode);
    }

    [NativeFact]
    public async Task Every_error_is_a_problem_with_a_trace_id_and_without_internals()
    {
        await using var service = await StartAsync();

        using var missing = await service.Http.GetAsync("/nothing");
        await TestService.ReadProblemAsync(missing, 404);
        using var invalid = await service.Http.PostAsJsonAsync("/orders", new { quantity = 0 });
        var errors = (await TestService.ReadProblemAsync(invalid, 400)).GetProperty("errors");
        Assert.Equal(["Quantity", "Customer"], errors.EnumerateObject().Select(error => error.Name));
        using var malformed = await service.Http.PostAsync("/orders", new StringContent("{\"quantity\":", null, "application/json"));
        await TestService.ReadProblemAsync(malformed, 400);
        using var failed = await service.Http.GetAsync("/fail");
        Assert.DoesNotContain("hidden", (await TestService.ReadProblemAsync(failed, 500)).GetRawText(), StringComparison.Ordinal);
    }

    [NativeFact]
    public async Task Logs_are_json_lines_and_neither_they_nor_the_spans_hold_personal_data()
    {
        await using var collector = await Collector.StartAsync();
        await using var service = await StartAsync(new(collector.Settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value!)))
        {
            ["Telemetry__SamplingRatio"] = "1",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
        });

        await service.Http.PostAsJsonAsync("/orders?mail=ada@example.org", new { quantity = 3, customer = "ada@example.org" });
        await Eventually.TrueAsync(() => service.Lines.Any(line => line.Contains("\"Ordered 3", StringComparison.Ordinal)), "The line");
        await Eventually.TrueAsync(() => collector.Received("traces").Contains("/orders", StringComparison.Ordinal), "The span");

        var entries = service.Lines.Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        var entry = Assert.Single(entries, entry => entry.GetProperty("message").GetString()!.StartsWith("Ordered", StringComparison.Ordinal));
        Assert.Equal("Ordered 3 for [email]", entry.GetProperty("message").GetString());
        Assert.Equal("Ordered {Quantity} for {Customer}", entry.GetProperty("template").GetString());
        Assert.Equal(3, entry.GetProperty("attributes").GetProperty("Quantity").GetInt32());
        Assert.Equal("/orders", entry.GetProperty("scope").GetProperty("RequestPath").GetString());
        Assert.Matches("^[0-9a-f]{32}$", entry.GetProperty("trace_id").GetString());
        Assert.DoesNotContain(service.Lines, line => line.Contains("ada@", StringComparison.Ordinal));
        Assert.DoesNotContain("ada@", collector.Received("traces"), StringComparison.Ordinal);
    }

    [NativeFact]
    public async Task On_sigterm_it_drains_and_finishes_what_it_began()
    {
        await using var service = await StartAsync(new() { ["Health__DrainDelay"] = "00:00:03" });
        var inFlight = service.Http.GetStringAsync("/slow?milliseconds=4500");
        await service.Http.GetAsync("/health");

        await service.TerminateAsync();
        await Eventually.TrueAsync(
            async () => (await service.Http.GetAsync("/ready")).StatusCode == HttpStatusCode.ServiceUnavailable, "Not ready any more", seconds: 2);
        using var during = await service.Http.GetAsync("/slow?milliseconds=1");

        Assert.Equal(HttpStatusCode.OK, during.StatusCode);
        Assert.Equal(true, during.Headers.ConnectionClose);
        Assert.Equal("done", await inFlight);
        Assert.Equal(0, await service.EndAsync());
    }

    [NativeFact]
    public async Task Wrong_settings_are_named_in_one_message()
    {
        var (exitCode, _, errors) = await ServiceProcess.FailToStartAsync(
            new() { ["Health__DrainDelay"] = "soon", ["Health__CheckTimeout"] = "00:00:00", ["Requests__MaxHeaders"] = "3", ["Telemetry__SamplingRatio"] = "2" },
            published.Program);

        Assert.Equal(1, exitCode);
        Assert.Equal(
            """
            The service cannot start with these settings:
            - Telemetry__SamplingRatio is '2'; it must be from 0 to 1.
            - Health__CheckTimeout is '00:00:00'; it must be longer than zero and at most one hour.
            - Health__DrainDelay is 'soon'; it must be a time such as 00:00:05.
            - Requests__MaxHeaders is '3'; it must be from 10 to 10000.
            """,
            errors.Trim());
    }

    private Task<ServiceProcess> StartAsync(Dictionary<string, string>? environment = null) => ServiceProcess.StartAsync(environment, published.Program);
}
