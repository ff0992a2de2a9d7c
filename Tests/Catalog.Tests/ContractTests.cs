using System.Net.Http.Json;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Shop.Catalog.Tests;

[Collection(CatalogCollection.Name)]
public sealed class ContractTests(CatalogServers servers)
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [Fact]
    public async Task The_service_is_what_its_contract_says()
    {
        var served = await ServedAsync();
        await using var file = typeof(ContractTests).Assembly.GetManifestResourceStream("openapi.json")!;
        var contract = await JsonNode.ParseAsync(file);

        var copy = Path.Combine(AppContext.BaseDirectory, "openapi.served.json");
        await File.WriteAllTextAsync(copy, served.ToJsonString(Readable) + "\n");
        Assert.True(
            JsonNode.DeepEquals(contract, served),
            $"Services/Catalog/Contract/openapi.json differs from what the service serves, which is in {copy}; the build should have said so.");
    }

    [Fact]
    public async Task The_contract_is_openapi_3_1_and_every_operation_is_named_and_summarised()
    {
        var served = await ServedAsync();

        Assert.StartsWith("3.1", (string)served["openapi"]!, StringComparison.Ordinal);
        var operations = served["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).Select(operation => operation.Value!).ToArray();
        Assert.Equal(5, operations.Length);
        Assert.All(operations, operation =>
        {
            Assert.NotEmpty((string)operation["operationId"]!);
            Assert.NotEmpty((string)operation["summary"]!);
            Assert.Equal("Products", (string)operation["tags"]![0]!);
        });
    }

    private async Task<JsonNode> ServedAsync()
    {
        var served = (await servers.Shared.Anonymous.GetFromJsonAsync<JsonNode>("/openapi/v1.json"))!;

        // Where this copy of the service happens to listen is no part of the contract.
        served.AsObject().Remove("servers");
        return served;
    }
}
