using System.Text.Json.Nodes;

namespace Trellis.Contracts;

/// <summary>What two documents of a contract (OpenAPI, AsyncAPI, JSON Schema) do not have in common. The order of fields, and of lists that are sets, is no difference.</summary>
public static class ContractDeviations
{
    // JSON Schema and OpenAPI give their order no meaning.
    private static readonly HashSet<string> Sets = ["required", "type", "enum", "tags"];

    /// <summary>Compares the document that is checked in with the one that the code yields.</summary>
    /// <param name="contract">The checked-in document, JSON.</param>
    /// <param name="generated">The generated document, JSON.</param>
    /// <returns>One sentence for each difference, with the JSON pointer (RFC 6901) of its place; none if they are alike.</returns>
    /// <exception cref="System.Text.Json.JsonException">A document is not JSON.</exception>
    public static IReadOnlyList<string> Between(string contract, string generated)
    {
        var deviations = new List<string>();
        Compare("", "", Canonical(contract), Canonical(generated), deviations);
        return deviations;
    }

    private static JsonNode? Canonical(string document)
    {
        var node = JsonNode.Parse(document);
        // Where a copy of the service happens to listen is no part of its contract.
        (node as JsonObject)?.Remove("servers");
        return node;
    }

    private static void Compare(string pointer, string name, JsonNode? expected, JsonNode? actual, List<string> deviations)
    {
        if (expected is JsonObject wanted && actual is JsonObject found)
        {
            foreach (var key in wanted.Select(field => field.Key).Union(found.Select(field => field.Key), StringComparer.Ordinal))
            {
                var here = $"{pointer}/{key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
                if (!found.ContainsKey(key))
                {
                    deviations.Add($"{here} is in the contract only");
                }
                else if (!wanted.ContainsKey(key))
                {
                    deviations.Add($"{here} is in the code only");
                }
                else
                {
                    Compare(here, key, wanted[key], found[key], deviations);
                }
            }
        }
        else if (expected is JsonArray left && actual is JsonArray right && left.Count == right.Count && !Sets.Contains(name))
        {
            for (var index = 0; index < left.Count; index++)
            {
                Compare($"{pointer}/{index}", "", left[index], right[index], deviations);
            }
        }
        else if (!Alike(name, expected, actual))
        {
            deviations.Add($"{pointer} is {Shown(expected)} in the contract and {Shown(actual)} in the code");
        }
    }

    private static bool Alike(string name, JsonNode? expected, JsonNode? actual) =>
        JsonNode.DeepEquals(expected, actual)
        || (Sets.Contains(name) && expected is JsonArray left && actual is JsonArray right && Sorted(left).SequenceEqual(Sorted(right), StringComparer.Ordinal));

    private static IOrderedEnumerable<string> Sorted(JsonArray set) => set.Select(item => item?.ToJsonString() ?? "null").Order(StringComparer.Ordinal);

    private static string Shown(JsonNode? node)
    {
        var text = node?.ToJsonString() ?? "null";
        return text.Length <= 80 ? text : text[..80] + "...";
    }
}
