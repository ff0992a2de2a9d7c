using System.Text.Json;
using System.Text.Json.Nodes;
using NJsonSchema;
using Trellis.Messaging.Contracts;
using Trellis.Messaging.Registration;

namespace Trellis.Messaging.Tests.Contracts;

public sealed class AsyncApiDocumentTests
{
    private static readonly JsonObject Document = AsyncApiDocument.Of("Shop.Shelf", Registry(), new RecordDocumentation());

    [Fact]
    public void Names_what_the_service_publishes_and_what_it_handles()
    {
        Assert.Equal("3.0.0", (string)Document["asyncapi"]!);
        Assert.Equal("Shop.Shelf", (string)Document["info"]!["title"]!);
        Assert.Equal(
            ["send shop.shelf.every-shape.v1", "send shop.shelf.self.v1", "receive shop.other.heard.v1", "receive shop.shelf.self.v1"],
            Document["operations"]!.AsObject().Select(operation =>
                $"{operation.Value!["action"]} {Found((string)operation.Value["channel"]!["$ref"]!)["address"]}"));
        Assert.Equal(
            ["shop.other.heard.v1", "shop.shelf.every-shape.v1", "shop.shelf.self.v1"],
            Document["channels"]!.AsObject().Select(channel => channel.Key));
    }

    [Fact]
    public void Every_reference_leads_somewhere_and_every_operation_to_a_payload()
    {
        var references = References(Document).ToList();

        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.NotNull(Found(reference)));
        Assert.All(Document["operations"]!.AsObject(), operation =>
        {
            var message = Found((string)Found((string)operation.Value!["messages"]![0]!["$ref"]!)["$ref"]!);
            Assert.Equal("object", (string)Found((string)message["payload"]!["$ref"]!)["type"]!);
            Assert.Equal((string)message["name"]!, (string)Found((string)operation.Value["channel"]!["$ref"]!)["address"]!);
        });
    }

    [Fact]
    public async Task A_record_that_holds_itself_is_described_within_a_larger_document_too()
    {
        var part = MessageSchema.Within("#/properties/part", MessageSchema.Of(typeof(EveryShape), new RecordDocumentation()));
        var schema = await JsonSchema.FromJsonAsync(new JsonObject { ["properties"] = new JsonObject { ["part"] = part } }.ToJsonString());
        var body = JsonSerializer.SerializeToNode(EveryShape.Full, MessageFormat.Options)!;

        Assert.Empty(schema.Validate(new JsonObject { ["part"] = body.DeepClone() }.ToJsonString()));
        body["tree"]!["branches"]![0]!["branches"] = 1;
        Assert.NotEmpty(schema.Validate(new JsonObject { ["part"] = body }.ToJsonString()));
    }

    [Fact]
    public void Writes_the_schemas_of_the_service_s_own_messages_beside_it()
    {
        var folder = Directory.CreateTempSubdirectory("asyncapi-tests-");
        try
        {
            ContractFiles.Write(folder.FullName, "Shop.Shelf", Registry());

            Assert.Equal(
                ["EveryShape.schema.json", "Self.schema.json", "asyncapi.json"],
                folder.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal));
            Assert.True(JsonNode.DeepEquals(Document, JsonNode.Parse(File.ReadAllText(Path.Combine(folder.FullName, "asyncapi.json")))));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static MessageRegistry Registry()
    {
        var registry = new MessageRegistry();
        registry.AddPublished(typeof(Self));
        registry.AddPublished(typeof(EveryShape));
        registry.AddHandler<Self>((_, _, _, _) => Task.CompletedTask);
        registry.AddHandler<Heard>((_, _, _, _) => Task.CompletedTask);
        return registry;
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject part => part.SelectMany(field => field.Key == "$ref" ? [(string)field.Value!] : References(field.Value)),
        JsonArray list => list.SelectMany(References),
        _ => [],
    };

    private static JsonNode Found(string reference) => reference.Split('/').Skip(1).Aggregate((JsonNode)Document, (node, name) => node[name]!);

    private sealed record Self(int Number)
    {
        public const string MessageType = "shop.shelf.self.v1";
    }

    private sealed record Heard(string Text)
    {
        public const string MessageType = "shop.other.heard.v1";
    }
}
