using System.Text.Json.Nodes;

namespace Shop.Tests;

/// <summary>One operation of one service, as OpenTelemetry describes it.</summary>
/// <param name="TraceId">The trace that it belongs to.</param>
/// <param name="Service">The attribute <c>service.name</c>.</param>
/// <param name="Scope">The library that made the span.</param>
/// <param name="Query">The attribute <c>url.query</c>, of spans of requests that have one.</param>
/// <param name="Database">The attribute <c>db.system.name</c>, or <c>db.system</c> of older conventions.</param>
public sealed record Span(string TraceId, string? Service, string Scope, string? Query, string? Database)
{
    /// <summary>Reads an answer of the dashboard: spans in OTLP's JSON.</summary>
    public static IReadOnlyList<Span> Read(JsonNode answer) =>
    [
        .. from resource in Items(answer["data"]?["resourceSpans"])
           from scope in Items(resource["scopeSpans"])
           from span in Items(scope["spans"])
           select new Span(
               (string)span["traceId"]!,
               Attribute(resource["resource"], "service.name"),
               (string?)scope["scope"]?["name"] ?? "",
               Attribute(span, "url.query"),
               Attribute(span, "db.system.name") ?? Attribute(span, "db.system")),
    ];

    private static IEnumerable<JsonNode> Items(JsonNode? array) => array?.AsArray().OfType<JsonNode>() ?? [];

    private static string? Attribute(JsonNode? owner, string name) =>
        (string?)Items(owner?["attributes"]).FirstOrDefault(attribute => (string?)attribute["key"] == name)?["value"]?["stringValue"];
}
