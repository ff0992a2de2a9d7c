using System.Text.Json;
using Shop.Ordering.Contract;

namespace Shop.Receipts.Orders;

/// <summary>What a CloudEvent brings (CloudEvents 1.0, HTTP protocol binding).</summary>
internal static class CloudEvent
{
    public const string StructuredMode = "application/cloudevents+json";

    private static readonly string[] Required = ["specversion", "id", "source", "type"];

    /// <summary>Whether the attributes are headers and the body is the data.</summary>
    public static bool IsBinaryMode(HttpRequest request) => request.Headers.ContainsKey("ce-specversion");

    /// <summary>What is wrong with the attributes in the headers.</summary>
    public static Dictionary<string, string[]> FailuresOf(IHeaderDictionary headers) =>
        FailuresOf(attribute => headers[$"ce-{attribute}"], attribute => $"ce-{attribute}");

    /// <summary>What is wrong with the attributes in an envelope.</summary>
    public static Dictionary<string, string[]> FailuresOf(JsonElement envelope) => envelope.ValueKind != JsonValueKind.Object
        ? OrderReader.Failure("", "must be a CloudEvent in JSON")
        : FailuresOf(
            attribute => envelope.TryGetProperty(attribute, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null,
            attribute => attribute);

    /// <summary>The data of an envelope, if it has any that can be read.</summary>
    public static bool TryGetData(JsonElement envelope, out ReadOnlyMemory<byte> data)
    {
        data = default;
        if (envelope.TryGetProperty("data", out var json))
        {
            data = System.Text.Encoding.UTF8.GetBytes(json.GetRawText());
            return true;
        }

        if (envelope.TryGetProperty("data_base64", out var base64) && base64.ValueKind == JsonValueKind.String && base64.TryGetBytesFromBase64(out var bytes))
        {
            data = bytes;
            return true;
        }

        return false;
    }

    private static Dictionary<string, string[]> FailuresOf(Func<string, string?> valueOf, Func<string, string> nameOf)
    {
        var failures = Required.Where(attribute => string.IsNullOrEmpty(valueOf(attribute)))
            .ToDictionary(nameOf, _ => new[] { "is missing" }, StringComparer.Ordinal);
        if (valueOf("specversion") is { Length: > 0 } version && version != "1.0")
        {
            failures[nameOf("specversion")] = ["must be 1.0"];
        }

        if (valueOf("type") is { Length: > 0 } type && type != OrderCompleted.MessageType)
        {
            failures[nameOf("type")] = [$"must be {OrderCompleted.MessageType}"];
        }

        return failures;
    }
}
