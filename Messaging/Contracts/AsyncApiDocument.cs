using System.Text.Json.Nodes;
using Trellis.Messaging.Registration;

namespace Trellis.Messaging.Contracts;

/// <summary>The AsyncAPI 3.0 document of what a service publishes and handles. Everything in it is named by CloudEvents types.</summary>
internal static class AsyncApiDocument
{
    private const string Envelope = "CloudEvent";

    public static JsonObject Of(string application, MessageRegistry registry, RecordDocumentation documentation)
    {
        var messages = registry.Published.Concat(registry.Handled).DistinctBy(message => message.Name).OrderBy(message => message.Name, StringComparer.Ordinal).ToList();
        return new JsonObject
        {
            ["asyncapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = application, ["version"] = "1.0.0" },
            ["defaultContentType"] = "application/json",
            ["channels"] = new JsonObject(Map(messages, message => message.Name, Channel)),
            ["operations"] = new JsonObject(
            [
                .. Map(registry.Published, message => $"send-{message.Name}", message => Operation("send", message.Name)),
                .. Map(registry.Handled, message => $"receive-{message.Name}", message => Operation("receive", message.Name)),
            ]),
            ["components"] = new JsonObject
            {
                ["messages"] = new JsonObject(Map(messages, message => message.Name, message => Message(message, documentation))),
                ["schemas"] = new JsonObject(
                [
                    KeyValuePair.Create<string, JsonNode?>(Envelope, EnvelopeSchema()),
                    .. Map(messages, message => message.Name, message => MessageSchema.Within($"#/components/schemas/{message.Name}", MessageSchema.Of(message.Type, documentation))),
                ]),
            },
        };
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Map(IEnumerable<NamedMessage> messages, Func<NamedMessage, string> key, Func<NamedMessage, JsonNode> value) =>
        messages.OrderBy(message => message.Name, StringComparer.Ordinal).Select(message => KeyValuePair.Create(key(message), (JsonNode?)value(message)));

    private static JsonObject Channel(NamedMessage message) => new()
    {
        ["address"] = message.Name,
        ["messages"] = new JsonObject { [message.Name] = Reference($"#/components/messages/{message.Name}") },
    };

    private static JsonObject Operation(string action, string name) => new()
    {
        ["action"] = action,
        ["channel"] = Reference($"#/channels/{name}"),
        ["messages"] = new JsonArray(Reference($"#/channels/{name}/messages/{name}")),
    };

    private static JsonObject Message(NamedMessage message, RecordDocumentation documentation)
    {
        var described = new JsonObject { ["name"] = message.Name, ["title"] = message.Type.Name };
        if (documentation.Of(message.Type) is { } summary)
        {
            described["summary"] = summary;
        }

        described["contentType"] = "application/json";
        described["correlationId"] = new JsonObject { ["location"] = "$message.header#/correlationid" };
        described["headers"] = new JsonObject
        {
            ["allOf"] = new JsonArray(
                Reference($"#/components/schemas/{Envelope}"),
                new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["type"] = new JsonObject { ["enum"] = new JsonArray(message.Name) } } }),
        };
        described["payload"] = Reference($"#/components/schemas/{message.Name}");
        return described;
    }

    private static JsonObject EnvelopeSchema() => new()
    {
        ["title"] = Envelope,
        ["description"] = "CloudEvents 1.0 in binary mode: one header for each attribute, with the prefix of the broker's protocol binding (cloudEvents_ for AMQP, ce_ for Kafka).",
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["specversion"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("1.0") },
            ["id"] = Text("The same however often the message is delivered.", "uuid"),
            ["source"] = Text("The service that published it.", "uri-reference"),
            ["type"] = Text("What the message is."),
            ["time"] = Text("When it was published.", "date-time"),
            ["datacontenttype"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("application/json") },
            ["partitionkey"] = Text("Messages that have the same come in the order in which they were committed."),
            ["correlationid"] = Text("What the message belongs to."),
            ["causationid"] = Text("The message or request that made it happen."),
            ["traceparent"] = Text("W3C Trace Context."),
            ["tracestate"] = Text("W3C Trace Context."),
        },
        ["required"] = new JsonArray("specversion", "id", "source", "type", "time", "datacontenttype"),
    };

    private static JsonObject Text(string description, string? format = null)
    {
        var schema = new JsonObject { ["description"] = description, ["type"] = "string" };
        if (format is not null)
        {
            schema["format"] = format;
        }

        return schema;
    }

    private static JsonObject Reference(string target) => new() { ["$ref"] = target };
}
