using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>The dashboard in use, started with what the AppHost tells it.</summary>
public sealed class RealDashboardTests : IAsyncLifetime, IDisposable
{
    private readonly DashboardUnderTest _dashboard = DashboardUnderTest.Create();
    private readonly HttpClient _browser = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
    private readonly CancellationToken _deadline = Wait.Deadline(60);
    private DashboardProcess? _process;

    public async Task InitializeAsync()
    {
        var model = new DistributedApplicationModel(new ResourceCollection());
        await _dashboard.Launcher.AddToModelAsync(model, _deadline);
        var resource = Assert.IsType<ExecutableResource>(Assert.Single(model.Resources));
        Assert.Equal("aspire-dashboard", resource.Name);
        _process = await DashboardProcess.StartAsync(_dashboard, resource);
        await _dashboard.Log.MessageAsync(LogLevel.Information, "Login to the dashboard at", _deadline);
    }

    public void Dispose() => _browser.Dispose();

    public async Task DisposeAsync()
    {
        if (_process is not null)
        {
            await StopAsync(_process);
        }
    }

    [Fact]
    public async Task Its_address_and_the_login_link_are_printed_once_it_answers()
    {
        var printed = _dashboard.Log.Entries
            .Where(entry => entry is { Category: "Aspire.Hosting.DistributedApplication", Level: LogLevel.Information })
            .Select(entry => entry.Message);
        Assert.Equal(
            [
                $"Now listening on: {_dashboard.Options.FrontendUrl}",
                $"Login to the dashboard at {_dashboard.Options.FrontendUrl}/login?t={_dashboard.Options.BrowserToken}",
            ],
            printed);

        using var page = await _browser.GetAsync(_dashboard.Options.FrontendUrl, _deadline);
        Assert.NotEqual(HttpStatusCode.NotFound, page.StatusCode);
        Assert.DoesNotContain(_dashboard.Log.Entries, entry => entry.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task The_link_logs_in()
    {
        using var answer = await _browser.GetAsync(_dashboard.Options.LoginUrl, _deadline);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Contains(answer.Headers.GetValues("Set-Cookie"), cookie => cookie.Contains("Aspire.Dashboard", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wrong_token_does_not_log_in()
    {
        using var answer = await _browser.GetAsync($"{_dashboard.Options.FrontendUrl}/login?t=wrong", _deadline);

        Assert.False(answer.Headers.TryGetValues("Set-Cookie", out var cookies)
            && cookies.Any(cookie => cookie.Contains("Aspire.Dashboard.Auth", StringComparison.Ordinal)));
        using var page = await _browser.GetAsync(_dashboard.Options.FrontendUrl, _deadline);
        Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
        Assert.Contains("login", page.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    // It connects when it has a use for the resources: a page, or telemetry whose sender it wants to name.
    [Fact]
    public async Task It_reads_the_resources_with_its_key()
    {
        await SendTelemetryAsync("http", _dashboard.Options.OtlpApiKey);

        await Wait.UntilAsync(() => _dashboard.Feed.Watchers > 0, "The dashboard does not watch the resources", _deadline);
        Assert.DoesNotContain(_dashboard.Log.Entries, entry => entry.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task When_the_AppHost_stops_nothing_is_reported()
    {
        await StopAsync(_process!);
        _process = null;

        Assert.DoesNotContain(_dashboard.Log.Entries, entry => entry.Level >= LogLevel.Warning);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("grpc")]
    public async Task Telemetry_is_taken_with_the_key_only(string protocol)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await SendTelemetryAsync(protocol, key: null));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendTelemetryAsync(protocol, key: "wrong"));
        Assert.Equal(HttpStatusCode.OK, await SendTelemetryAsync(protocol, _dashboard.Options.OtlpApiKey));
    }

    [Fact]
    public async Task Telemetry_is_read_with_the_key_only()
    {
        Assert.Equal(HttpStatusCode.OK, await ReadTelemetryAsync(_dashboard.Options.TelemetryApiKey!));
        Assert.NotEqual(HttpStatusCode.OK, await ReadTelemetryAsync("wrong"));

        async Task<HttpStatusCode> ReadTelemetryAsync(string key)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{_dashboard.Options.FrontendUrl}/api/telemetry/traces");
            request.Headers.Add("x-api-key", key);
            using var answer = await _browser.SendAsync(request, _deadline);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task That_it_was_killed_is_reported_with_what_it_wrote_last()
    {
        await _process!.KillAsync();

        var report = await _dashboard.Log.MessageAsync(LogLevel.Error, "The dashboard ended", _deadline);

        Assert.Contains("exit code 137", report, StringComparison.Ordinal);
        Assert.Contains("Aspire dashboard version", report, StringComparison.Ordinal);
    }

    private async Task StopAsync(DashboardProcess process)
    {
        _dashboard.Lifetime.StopApplication();
        await process.DisposeAsync();
        await _dashboard.DisposeAsync();
    }

    // An empty export request is a valid one.
    private async Task<HttpStatusCode> SendTelemetryAsync(string protocol, string? key)
    {
        var grpc = protocol == "grpc";
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            grpc
                ? $"{_dashboard.Options.OtlpGrpcUrl}/opentelemetry.proto.collector.trace.v1.TraceService/Export"
                : $"{_dashboard.Options.OtlpHttpUrl}/v1/traces")
        {
            // A gRPC message is a byte for the compression, four for the length, and the message.
            Content = new ByteArrayContent(grpc ? new byte[5] : []),
            Version = grpc ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(grpc ? "application/grpc" : "application/x-protobuf");
        if (key is not null)
        {
            request.Headers.Add("x-otlp-api-key", key);
        }

        using var answer = await _browser.SendAsync(request, _deadline);
        return answer.StatusCode;
    }
}
