using System.Net;
using System.Reflection;
using Trellis.Tests;

namespace Shop.Catalog.Tests;

[Collection(CatalogCollection.Name)]
public sealed class ProductionTests(CatalogServers servers)
{
    private static readonly string Gateway =
        typeof(ProductionTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == "Gateway").Value!;

    [Fact]
    public async Task In_production_health_readiness_and_metrics_answer_on_the_service_and_not_through_the_gateway()
    {
        await using var catalog = await DeployedProcess.StartAsync(
            Path.Combine(AppContext.BaseDirectory, "Shop.Catalog.dll"),
            new(TestTokens.Settings)
            {
                ["ConnectionStrings:catalogdb"] = servers.Postgres.ConnectionString(await servers.Postgres.CreateDatabaseAsync()),
                ["ConnectionStrings:cache"] = servers.Redis.OwnDatabase(),
                ["ConnectionStrings:broker"] = servers.Postgres.ConnectionString(await servers.Postgres.CreateDatabaseAsync()),
            });
        await using var gateway = await DeployedProcess.StartAsync(
            Gateway,
            new()
            {
                ["services:catalog:http:0"] = catalog.Http.BaseAddress!.ToString(),
                ["Management:Port"] = $"{FreePort.Next()}",
            });

        await Eventually.TrueAsync(async () => await StatusAsync(catalog, "/ready") == HttpStatusCode.OK, "The catalogue was not ready");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(catalog, "/health"));
        Assert.Contains("\nbuild_info{", await catalog.Http.GetStringAsync("/metrics"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(gateway, CatalogApp.Products));
        foreach (var path in new[]
        {
            "/health", "/ready", "/metrics", "/openapi/v1.json", "/catalog/health", "/api/catalog/health", "/api/catalog/ready", "/api/catalog/metrics",
            "/api/catalog/%2e%2e/%2e%2e/metrics", "/api/catalog/..%2f..%2fmetrics", "//metrics",
        })
        {
            using var response = await gateway.Http.GetAsync(new Uri(gateway.Http.BaseAddress!.GetLeftPart(UriPartial.Authority) + path));
            await CatalogApp.ProblemAsync(response, HttpStatusCode.NotFound);
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(DeployedProcess service, string path)
    {
        using var response = await service.Http.GetAsync(path);
        return response.StatusCode;
    }
}
