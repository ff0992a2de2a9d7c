using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using NJsonSchema;
using Trellis.Tests;

namespace Shop.Catalog.Tests.Inputs;

/// <summary>
/// Thousands of requests made from the contract. A failure names the smallest request found and its seed; <c>CsCheck_Seed=…</c> in the environment
/// runs that one again.
/// </summary>
[Collection(CatalogCollection.Name)]
public sealed class GeneratedRequestTests(CatalogServers servers)
{
    private static readonly JsonNode Contract = Read();

    public static TheoryData<string, string> Operations { get; } = All();

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task No_input_is_answered_with_5xx_and_every_answer_is_what_the_contract_says(string method, string path)
    {
        await using var catalog = new CatalogApp(servers.Postgres.ConnectionString(await servers.Postgres.CreateDatabaseAsync()), servers.Redis.OwnDatabase());
        catalog.UseKestrel(0);
        catalog.StartServer();
        await catalog.BecomesReadyAsync();
        using var client = catalog.CreateClient();
        var schemas = await SchemasAsync(Contract["paths"]![path]![method]!["responses"]!);
        var ids = (await catalog.ListAsync("pageSize=100"))["items"]!.AsArray().Select(item => (string)item!["id"]!).ToArray();
        var seen = new ConcurrentDictionary<int, int>();

        new Requests(Contract, $"Bearer {TestTokens.Mint("catalog.write")}", ids).Of(path, method).Sample(
            request => Check(client, request, schemas, seen),
            time: Environment.GetEnvironmentVariable("TRELLIS_LONG_TESTS") == "1" ? 60 : 5,
            threads: 4);

        // Otherwise the requests would be no test of anything.
        Assert.Contains(seen.Keys, status => status is >= 200 and < 300);
        Assert.Contains(seen.Keys, status => status is >= 400 and < 500);
    }

    private static void Check(HttpClient client, GeneratedRequest request, Dictionary<int, JsonSchema?> schemas, ConcurrentDictionary<int, int> seen)
    {
        using var message = request.ToMessage();
        using var response = client.Send(message);
        using var reader = new StreamReader(response.Content.ReadAsStream());
        var body = reader.ReadToEnd();
        var status = (int)response.StatusCode;
        seen.AddOrUpdate(status, 1, (_, count) => count + 1);
        Assert.True(status < 500, $"{status}: {body}");
        if (status >= 400)
        {
            Assert.Equal(new MediaTypeHeaderValue("application/problem+json"), response.Content.Headers.ContentType);
            using var problem = JsonDocument.Parse(body);
            Assert.Equal(status, problem.RootElement.GetProperty("status").GetInt32());
            Assert.Equal(32, problem.RootElement.GetProperty("traceId").GetString()!.Length);
            Assert.DoesNotContain("   at ", body, StringComparison.Ordinal);
        }
        else
        {
            Assert.True(schemas.TryGetValue(status, out var schema), $"{status} is not in the contract: {body}");
            Assert.Equal("", schema is null ? body : string.Join("; ", schema.Validate(body)));
        }
    }

    private static async Task<Dictionary<int, JsonSchema?>> SchemasAsync(JsonNode responses)
    {
        var schemas = new Dictionary<int, JsonSchema?>();
        foreach (var (status, response) in responses.AsObject())
        {
            schemas[int.Parse(status)] = response!["content"]?["application/json"]?["schema"] is { } schema ? await SchemaAsync(schema) : null;
        }

        return schemas;
    }

    private static Task<JsonSchema> SchemaAsync(JsonNode schema)
    {
        var whole = new JsonObject { ["allOf"] = new JsonArray(schema.DeepClone()), ["definitions"] = Contract["components"]!["schemas"]!.DeepClone() };
        return JsonSchema.FromJsonAsync(whole.ToJsonString().Replace("#/components/schemas/", "#/definitions/", StringComparison.Ordinal));
    }

    private static TheoryData<string, string> All()
    {
        var operations = new TheoryData<string, string>();
        foreach (var (path, item) in Contract["paths"]!.AsObject())
        {
            foreach (var (method, _) in item!.AsObject())
            {
                operations.Add(method, path);
            }
        }

        return operations;
    }

    private static JsonNode Read()
    {
        using var file = typeof(GeneratedRequestTests).Assembly.GetManifestResourceStream("openapi.json")!;
        return JsonNode.Parse(file)!;
    }
}
