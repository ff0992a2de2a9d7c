using System.Net;
using Microsoft.Extensions.Hosting;

namespace Shop.Fulfilment.Tests;

[Collection(FulfilmentCollection.Name)]
public sealed class DashboardTests(FulfilmentServers servers)
{
    private readonly FulfilmentApp _app = servers.Shared.App;

    [Fact]
    public void Every_endpoint_says_who_may_call_it()
    {
        _ = _app.Address;

        Assert.Empty(_app.Services.EndpointsWithoutPolicy());
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("orders", HttpStatusCode.Forbidden)]
    [InlineData("operations.read", HttpStatusCode.OK)]
    [InlineData("operations.write", HttpStatusCode.OK)]
    public async Task Who_is_no_operator_does_not_see_the_jobs(string? scope, HttpStatusCode expected)
    {
        using var answer = await _app.SendAsync(HttpMethod.Get, "/jobs/recurring", scope);

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal(expected == HttpStatusCode.OK, (await answer.Content.ReadAsStringAsync()).Contains("sales-report", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_pages_may_load_their_own_scripts_and_styles_and_nobody_elses()
    {
        using var answer = await _app.SendAsync(HttpMethod.Get, "/jobs", "operations.read");

        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("default-src 'none';", policy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("operations.read", null, HttpStatusCode.Unauthorized)]
    [InlineData("operations.write", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("operations.write", "same-origin", HttpStatusCode.NoContent)]
    public async Task Only_who_may_change_something_runs_a_job_by_hand_and_no_other_site_does_it_for_him(string scope, string? site, HttpStatusCode expected)
    {
        using var form = new FormUrlEncodedContent([new("jobs[]", "cleanup")]);

        using var answer = await _app.SendAsync(HttpMethod.Post, "/jobs/recurring/trigger", scope, form, site: site);

        Assert.True(expected == answer.StatusCode || (expected != HttpStatusCode.NoContent && (int)answer.StatusCode is 401 or 403), $"{answer.StatusCode}");
    }

    [Fact]
    public async Task With_a_management_port_the_jobs_are_there_without_a_token_and_nowhere_else()
    {
        var port = FreePort.Next();
        await using var system = await FulfilmentSystem.StartAsync(servers.Postgres, app: false);
        await using var app = new FulfilmentApp(system.Settings(("Management:Port", $"{port}")));
        await Eventually.TrueAsync(async () => (await app.SendAsync(HttpMethod.Get, "/ready", scope: null, port: port)).StatusCode == HttpStatusCode.OK, "Fulfilment was not ready");

        Assert.Equal(HttpStatusCode.OK, (await app.SendAsync(HttpMethod.Get, "/jobs/recurring", scope: null, port: port)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.SendAsync(HttpMethod.Get, "/jobs/recurring", "operations.write")).StatusCode);
    }

    [Fact]
    public async Task In_Development_the_jobs_are_open()
    {
        await using var system = await FulfilmentSystem.StartAsync(servers.Postgres, settings: ("environment", "Development"));

        Assert.Equal(HttpStatusCode.OK, (await system.App.SendAsync(HttpMethod.Get, "/jobs", scope: null)).StatusCode);
    }
}
