using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Trellis.Contracts;

/// <summary>
/// What a newer AsyncAPI document takes away from those who send or read a service's messages. Messages outlive a deployment: in outboxes, queues, dead letters and streams
/// old ones wait for new readers, and while replicas are replaced new ones come to old readers. So a schema may only change such that whatever fits the one
/// fits the other: by optional fields.
/// </summary>
public static class MessageChanges
{
    /// <summary>Compares two documents.</summary>
    /// <param name="older">What others were written for: AsyncAPI 3, JSON.</param>
    /// <param name="newer">What they meet now; null if the service has no messages any more.</param>
    /// <returns>One sentence for each breaking change, beginning with the message's type; none if everyone goes on working.</returns>
    /// <exception cref="ArgumentException">A document cannot be read.</exception>
    public static IReadOnlyList<string> Between(string older, string? newer)
    {
        var before = Read(older);
        var after = newer is null ? null : Read(newer);
        var changes = new List<string>();
        foreach (var (type, action) in before.Operations)
        {
            if (after?.Operations.Contains((type, action)) is true)
            {
                changes.AddRange(Changes(before, after, type).Select(change => $"{type}: {change}"));
            }
            else if (action == "send" || before.IsOwn(type))
            {
                // To stop listening to another's event takes nothing away from anybody.
                changes.Add($"{type} is no longer {(action == "send" ? "published" : "handled")}");
            }
        }

        return [.. changes.Distinct(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Changes(Messages before, Messages after, string type) =>
    [
        .. Both("the body", before.Body(type), after.Body(type)),
        .. Both("the envelope", before.Envelope, after.Envelope),
    ];

    private static IEnumerable<string> Both(string what, IOpenApiSchema? older, IOpenApiSchema? newer) =>
        [.. SchemaChanges.OfAnswer(what, older, newer), .. SchemaChanges.OfRequest(what, older, newer)];

    private static Messages Read(string text)
    {
        try
        {
            if (JsonNode.Parse(text) is JsonObject document && document["asyncapi"] is not null)
            {
                return new Messages(document);
            }
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or NullReferenceException)
        {
            throw new ArgumentException($"The document is not AsyncAPI: {failure.Message}", failure);
        }

        throw new ArgumentException("The document is not AsyncAPI 3.");
    }

    private sealed class Messages
    {
        private readonly string _service;
        private readonly IDictionary<string, IOpenApiSchema> _schemas;

        public Messages(JsonObject document)
        {
            _service = (string?)document["info"]?["title"] ?? "";
            Operations = [.. (document["operations"]?.AsObject() ?? []).Select(operation =>
                (((string)operation.Value!["channel"]!["$ref"]!)["#/channels/".Length..], (string)operation.Value["action"]!))];

            // The schemas of AsyncAPI and of OpenAPI 3.1 are JSON Schema: what compares the ones compares the others.
            var schemas = new JsonObject
            {
                ["openapi"] = "3.1.1",
                ["info"] = new JsonObject { ["title"] = _service, ["version"] = "1" },
                ["paths"] = new JsonObject(),
                ["components"] = new JsonObject { ["schemas"] = document["components"]?["schemas"]?.DeepClone() },
            };
            var read = OpenApiDocument.Parse(schemas.ToJsonString(), "json");
            _schemas = read.Document?.Components?.Schemas is { } found && read.Diagnostic?.Errors is null or { Count: 0 }
                ? found
                : throw new ArgumentException($"The document's schemas cannot be read: {string.Join("; ", read.Diagnostic?.Errors ?? [])}");
        }

        public List<(string Type, string Action)> Operations { get; }

        public IOpenApiSchema? Envelope => Body("CloudEvent");

        public bool IsOwn(string type) => type.StartsWith(_service + ".", StringComparison.OrdinalIgnoreCase);

        public IOpenApiSchema? Body(string type) => _schemas.TryGetValue(type, out var schema) ? schema : null;
    }
}
