using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;

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
}
