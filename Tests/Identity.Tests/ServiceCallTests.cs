using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Trellis.Tests;

namespace Shop.Identity.Tests;

/// <summary>One service calls another, with a token of its own from a deployed Identity.</summary>
[Collection(IdentityCollection.Name)]
public sealed class ServiceCallTests(IdentityServers servers)
{
    [Fact]
    public async Task A_service_may_do_at_another_what_its_own_token_is_for_and_nothing_else()
    {
        await using var identity = await DeployedProcess.StartAsync(
            Path.Combine(AppContext.BaseDirectory, "Shop.Identity.dll"), IdentityApp.Settings(await servers.NewDatabaseAsync()));
        var address = identity.Http.BaseAddress!.GetLeftPart(UriPartial.Authority);
        await Eventually.TrueAsync(async () => (await identity.Http.GetAsync("/ready")).IsSuccessStatusCode, "Identity was not ready");
        await using var inventory = await StartAsync(
            new()
            {
                ["Authentication:Schemes:Bearer:MetadataAddress"] = address + IdentityApp.Discovery,
                ["Authentication:Schemes:Bearer:RequireHttpsMetadata"] = "false",
                ["Authentication:Schemes:Bearer:ValidAudiences:0"] = "inventory",
            },
            app =>
            {
                app.MapGet("/stock", (HttpContext http) => http.User.FindFirst("sub")!.Value).RequireScope("inventory.read");
                app.MapPost("/stock", () => "restocked").RequireScope("inventory.write");
            });
        await using var ordering = await StartAsync(
            new()
            {
                ["services:inventory:http:0"] = inventory.Urls.First(),
                ["services:identity:http:0"] = address,
                ["ServiceToken:Endpoint"] = "http://identity" + IdentityApp.TokenPath,
                ["ServiceToken:ClientId"] = IdentityApp.Client,
                ["ServiceToken:ClientSecret"] = IdentityApp.Secret,
            },
            _ => { },
            builder => builder.Services.AddHttpClient("inventory", client => client.BaseAddress = new Uri("http://inventory")).AddServiceToken("inventory.read"));
        using var client = ordering.Services.GetRequiredService<IHttpClientFactory>().CreateClient("inventory");

        Assert.Equal("ordering", await client.GetStringAsync("/stock"));
        using var write = await client.PostAsync("/stock", null);
        Assert.Equal(HttpStatusCode.Forbidden, write.StatusCode);
    }

    private static async Task<WebApplication> StartAsync(Dictionary<string, string?> settings, Action<WebApplication> map, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production", ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Health:DrainDelay"] = "0" });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults();
        configure?.Invoke(builder);
        var app = builder.Build();
        app.MapDefaultEndpoints();
        map(app);
        await app.StartAsync();
        return app;
    }
}
