namespace Aspire.Hosting.Tests.Dcp;

public sealed class Urls
{
    [Fact]
    public async Task Are_those_of_the_endpoints_changed_and_added_to()
    {
        var builder = RunningApplication.CreateBuilder();
        var server = builder.AddExecutable("server", "/bin/sh", ".", "-c", "exec sleep 60").WithHttpEndpoint(env: "PORT");
        server.WithUrlForEndpoint("http", url => url.DisplayText = "Home")
            .WithUrlForEndpoint("http", _ => new ResourceUrlAnnotation { Url = "/docs", DisplayText = "Docs" })
            .WithUrl("https://example.org/help", "Help")
            .WithUrl($"{server.GetEndpoint("http")}/status")
            .WithUrls(context => context.Urls.Single(url => url.DisplayText == "Help").DisplayLocation = UrlDisplayLocation.DetailsOnly);
        await using var running = await RunningApplication.StartAsync(builder);

        IEnumerable<UrlSnapshot> shown = (await running.WaitForAsync("server", KnownResourceStates.Running)).Urls;

        var address = server.GetEndpoint("http").Url;
        Assert.Equal(
            [
                new UrlSnapshot("http", address, IsInternal: false) { DisplayProperties = new("Home") },
                new UrlSnapshot(null, "https://example.org/help", IsInternal: true) { DisplayProperties = new("Help") },
                new UrlSnapshot("http", $"{address}/docs", IsInternal: false) { DisplayProperties = new("Docs") },
                new UrlSnapshot("http", $"{address}/status", IsInternal: false),
            ],
            shown);
    }

    [Fact]
    public async Task Of_endpoints_get_the_path_that_is_given_alone()
    {
        var builder = RunningApplication.CreateBuilder();
        var server = builder.AddExecutable("server", "/bin/sh", ".", "-c", "exec sleep 60").WithHttpEndpoint(env: "PORT").WithUrl("/home", "Home");
        await using var running = await RunningApplication.StartAsync(builder);

        var shown = Assert.Single((await running.WaitForAsync("server", KnownResourceStates.Running)).Urls);

        Assert.Equal(($"{server.GetEndpoint("http").Url}/home", "Home"), (shown.Url, shown.DisplayProperties.DisplayName));
    }

    [Fact]
    public async Task Are_shown_of_resources_without_endpoints()
    {
        var builder = RunningApplication.CreateBuilder();
        builder.AddExecutable("worker", "/bin/sh", ".", "-c", "exec sleep 60").WithUrl("https://example.org/");
        await using var running = await RunningApplication.StartAsync(builder);

        var shown = Assert.Single((await running.WaitForAsync("worker", KnownResourceStates.Running)).Urls);

        Assert.Equal(new UrlSnapshot(null, "https://example.org/", IsInternal: false), shown);
    }

    [Fact]
    public async Task That_fail_are_said_so_in_the_log_and_do_not_hold_up_the_start()
    {
        var builder = RunningApplication.CreateBuilder();
        var server = builder.AddExecutable("server", "/bin/sh", ".", "-c", "exec sleep 60")
            .WithHttpEndpoint(env: "PORT")
            .WithUrls(_ => throw new InvalidOperationException("no such luck"));
        await using var running = await RunningApplication.StartAsync(builder);

        await running.WaitForAsync("server", KnownResourceStates.Running);
        await running.ReadLogAsync(server.Resource, lines => lines.Any(line => line.Text.Contains("no such luck", StringComparison.Ordinal)));
    }
}
