using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Trellis.ServiceDefaults.Tests;

public sealed class HttpClientTests
{
    [Fact]
    public async Task A_service_is_found_by_its_name()
    {
        await using var catalog = await TestService.StartAsync(app => app.MapGet("/where", () => "found"));
        await using var service = await CallerOfAsync(catalog);

        Assert.Equal("found", await Client(service).GetStringAsync("http://catalog/where"));
        Assert.Equal("found", await Client(service).GetStringAsync("https+http://catalog/where"));
    }

    [Fact]
    public async Task A_safe_request_that_failed_is_repeated()
    {
        var calls = 0;
        await using var catalog = await FailingOnceAsync(() => Interlocked.Increment(ref calls));
        await using var service = await CallerOfAsync(catalog);

        using var response = await Client(service).GetAsync("http://catalog/items");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2, calls);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task A_request_that_changes_something_is_never_repeated(string method)
    {
        var calls = 0;
        await using var catalog = await FailingOnceAsync(() => Interlocked.Increment(ref calls));
        await using var service = await CallerOfAsync(catalog);
        using var request = new HttpRequestMessage(new HttpMethod(method), "http://catalog/items");

        using var response = await Client(service).SendAsync(request);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(1, calls);
    }

    private static Task<TestService> FailingOnceAsync(Func<int> count) => TestService.StartAsync(app => app.Map("/items", () =>
        count() == 1 ? Results.StatusCode(StatusCodes.Status503ServiceUnavailable) : Results.Ok()));

    private static Task<TestService> CallerOfAsync(TestService catalog) =>
        TestService.StartAsync(settings: new() { ["services:catalog:http:0"] = catalog.App.Urls.First() });

    private static HttpClient Client(TestService service) => service.App.Services.GetRequiredService<IHttpClientFactory>().CreateClient();
}
