using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Trellis.ServiceDefaults.Configuration;

namespace Trellis.ServiceDefaults.Tests;

public sealed class ClientSettingsTests
{
    [Fact]
    public async Task A_client_has_settings_of_its_own_and_those_of_all_for_the_rest()
    {
        var calls = 0;
        await using var catalog = await TestService.StartAsync(app => app.MapGet("/items", () =>
        {
            calls++;
            return Results.StatusCode(503);
        }));
        await using var service = await CallingService.OfAsync(catalog, ("Http:Defaults:Retries", "1"), ("Http:Clients:patient:Retries", "4"));

        Assert.Equal(2, await CallsAsync("other"));
        Assert.Equal(5, await CallsAsync("patient"));

        async Task<int> CallsAsync(string client)
        {
            var before = calls;
            using var response = await service.App.Services.GetRequiredService<IHttpClientFactory>().CreateClient(client).GetAsync("http://catalog/items");
            return calls - before;
        }
    }

    [Fact]
    public async Task A_wrong_setting_of_a_client_is_named_when_the_service_starts()
    {
        var failure = await Assert.ThrowsAsync<InvalidSettingsException>(() => TestService.StartAsync(
            settings: new() { ["Http:Clients:catalog:Retries"] = "many", ["Http:Clients:catalog:Timeout"] = "-1", ["Http:Defaults:MaxConcurrentCalls"] = "0" }));

        Assert.Contains("Http__Clients__catalog__Retries is 'many'; it must be a number.", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Http__Clients__catalog__Timeout is '-1'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Http__Defaults__MaxConcurrentCalls is '0'", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("https+http")]
    public async Task A_name_that_is_not_configured_is_looked_up_in_DNS(string scheme)
    {
        await using var catalog = await TestService.StartAsync(app => app.MapGet("/where", () => "found"));
        await using var service = await TestService.StartAsync();

        Assert.Equal("found", await CallingService.Client(service).GetStringAsync($"{scheme}://localhost:{new Uri(catalog.App.Urls.First()).Port}/where"));
    }
}
