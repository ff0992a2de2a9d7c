using System.Text.Json.Nodes;
using NJsonSchema;
using Npgsql;
using Trellis.Tests;

namespace Shop.Catalog.Tests.Messages;

/// <summary>Whether what the catalogue sends is what its contract says.</summary>
[Collection(CatalogCollection.Name)]
public sealed class MessageContractTests(CatalogServers servers)
{
    [Fact]
    public async Task Every_message_that_is_sent_keeps_to_the_checked_in_schemas()
    {
        // Nobody listens, so what is sent stays with the broker.
        var broker = servers.Postgres.ConnectionString(await servers.Postgres.CreateDatabaseAsync());
        await using var catalog = new CatalogApp(servers.Postgres.ConnectionString(await servers.Postgres.CreateDatabaseAsync()), servers.Redis.OwnDatabase(), broker);
        await catalog.BecomesReadyAsync();
        var total = (int)(await catalog.ListAsync("pageSize=1"))["total"]!;
        var (path, _) = await catalog.AddAsync(CatalogApp.Lamp("Lampe “Ünïcode” 灯", 3_000_000_000));
        using var replaced = await catalog.PutAsync(path, CatalogApp.Lamp("Other", 0));
        using var deleted = await catalog.Editor.DeleteAsync(path);

        var sent = new List<(string Type, string Headers, string Body)>();
        await Eventually.TrueAsync(async () => (sent = await SentAsync(broker)).Count >= total + 3, "Not everything was sent");

        Assert.Equal(total + 3, sent.Count);
        var document = await ResourceAsync("asyncapi.json");
        var envelope = await SchemaAsync(document["components"]!["schemas"]!["CloudEvent"]!);
        var bodies = new Dictionary<string, JsonSchema>(StringComparer.Ordinal)
        {
            ["shop.catalog.product-changed.v1"] = await SchemaAsync(await ResourceAsync("ProductChanged.schema.json")),
            ["shop.catalog.product-withdrawn.v1"] = await SchemaAsync(await ResourceAsync("ProductWithdrawn.schema.json")),
        };
        Assert.All(sent, message =>
        {
            Assert.NotNull(document["channels"]![message.Type]);
            Assert.Empty(envelope.Validate(message.Headers));
            Assert.Empty(bodies[message.Type].Validate(message.Body));

            // Nothing is sent that the contract does not name.
            Assert.Equal(bodies[message.Type].Properties.Keys, JsonNode.Parse(message.Body)!.AsObject().Select(property => property.Key));
            Assert.All(JsonNode.Parse(message.Headers)!.AsObject(), header => Assert.Contains(header.Key, envelope.Properties.Keys));
        });
    }

    private static async Task<List<(string Type, string Headers, string Body)>> SentAsync(string broker)
    {
        await using var source = NpgsqlDataSource.Create(broker);
        await using var exists = source.CreateCommand("SELECT to_regclass('trellis.messages') IS NOT NULL");
        var sent = new List<(string, string, string)>();
        if (await exists.ExecuteScalarAsync() is not true)
        {
            return sent;
        }

        await using var command = source.CreateCommand("SELECT type, headers::text, convert_from(body, 'UTF8') FROM trellis.messages ORDER BY seq");
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            sent.Add((rows.GetString(0), rows.GetString(1), rows.GetString(2)));
        }

        return sent;
    }

    private static async Task<JsonNode> ResourceAsync(string name)
    {
        await using var file = typeof(MessageContractTests).Assembly.GetManifestResourceStream(name)!;
        return (await JsonNode.ParseAsync(file))!;
    }

    private static Task<JsonSchema> SchemaAsync(JsonNode schema) => JsonSchema.FromJsonAsync(schema.ToJsonString());
}
