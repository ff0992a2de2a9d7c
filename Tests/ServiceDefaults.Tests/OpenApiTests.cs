using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace Trellis.ServiceDefaults.Tests;

public sealed class OpenApiTests
{
    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task Serves_an_openapi_3_1_document_of_the_services_own_endpoints(string environment)
    {
        await using var service = await TestService.StartAsync(app => app.MapGet("/items", () => "items"), environment: environment);

        var document = await service.Http.GetFromJsonAsync<JsonElement>("/openapi/v1.json");

        Assert.StartsWith("3.1", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        Assert.Equal(["/items"], document.GetProperty("paths").EnumerateObject().Select(path => path.Name));
    }

    [Fact]
    public async Task Says_which_operations_need_a_token_and_with_which_scope()
    {
        await using var service = await TestService.StartAsync(app =>
        {
            app.MapGet("/open", () => "open").AllowAnonymous();
            app.MapGet("/guarded", () => "guarded").RequireScope("items.read");
        });

        var document = await service.Http.GetFromJsonAsync<JsonElement>("/openapi/v1.json");

        var paths = document.GetProperty("paths");
        Assert.False(paths.GetProperty("/open").GetProperty("get").TryGetProperty("security", out _));
        Assert.Equal("""[{"bearer":["items.read"]}]""", string.Concat(paths.GetProperty("/guarded").GetProperty("get").GetProperty("security").GetRawText().Where(character => !char.IsWhiteSpace(character))));
        Assert.Equal("http", document.GetProperty("components").GetProperty("securitySchemes").GetProperty("bearer").GetProperty("type").GetString());
    }

    [Fact]
    public async Task Says_which_operations_need_an_idempotency_key()
    {
        await using var service = await TestService.StartAsync(app =>
        {
            app.MapPost("/orders", () => "ordered").RequireIdempotencyKey();
            app.MapPost("/carts", () => "filled");
        });

        var document = await service.Http.GetFromJsonAsync<JsonElement>("/openapi/v1.json");

        var paths = document.GetProperty("paths");
        var key = Assert.Single(paths.GetProperty("/orders").GetProperty("post").GetProperty("parameters").EnumerateArray());
        Assert.Equal(("Idempotency-Key", "header", true), (key.GetProperty("name").GetString(), key.GetProperty("in").GetString(), key.GetProperty("required").GetBoolean()));
        Assert.False(paths.GetProperty("/carts").GetProperty("post").TryGetProperty("parameters", out _));
    }
}
