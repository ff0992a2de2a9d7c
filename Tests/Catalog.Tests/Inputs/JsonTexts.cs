using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CsCheck;

namespace Shop.Catalog.Tests.Inputs;

/// <summary>Texts of JSON values: what a schema asks for, and what nobody asked for.</summary>
internal sealed class JsonTexts(JsonNode document)
{
    private static readonly JsonSerializerOptions AsIs = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Generating from a pattern is another art; one of these fits, or the schema's test has to add to them.
    private static readonly string[] Candidates = ["EUR", "table-lamps", "a", "A", "0", "2026-11-23", "a@b.example", "https://a.example"];

    /// <summary>Texts that break what only thinks of ASCII: NUL, controls, lone surrogates, both directions, combining, astral, not normalised.</summary>
    public static Gen<string> Text { get; } = Gen.Frequency(
        (3, Gen.String[Gen.Char['a', 'z'], 0, 30]),
        (3, Gen.String[0, 60]),
        (2, Gen.OneOf("\0", "a\0b", "\u0007", "\u202Egnp.exe", "\uD800", "\uDC00a", "e\u0301\u0301", "\U0001F6CB\uFE0F", "\uFEFF", "\u2028", "İı", "ß", "'; DROP TABLE products; --",
            "\" OR \"", "%s%n", "${jndi:ldap://a}", "a:* & !", "<->", "((((", "\\", "-", "\"", "or", "../../etc/passwd", "{{7*7}}", "NaN", "null", " ", "\t\r\n")),
        (1, Gen.Int[200, 5000].Select(length => new string('x', length))),
        (1, Gen.Int[1, 3000].Select(length => string.Concat(Enumerable.Repeat("\U0001F4A1", length)))));

    /// <summary>Any JSON value, and things that only look like one.</summary>
    public static Gen<string> Anything { get; } = Gen.Frequency(
        (4, Gen.OneOf("null", "true", "\"\"", "[]", "{}", "0", "-0", "-1", "1.5", "1e2", "1E400", "-1e-400", "2147483648", "9223372036854775808", "18446744073709551616", "0.1e1")),
        (1, Gen.Int[1, 2000].Select(digits => new string('9', digits))),
        (3, Text.Select(Quoted)),
        (1, Gen.OneOf("\"\\ud800\"", "\"\\u0000\"", "\"\\ud83d\\ude00\"", "\"\\x\"", "\"", "nul", "NaN", "Infinity", "01", "+1", ".5", "'a'", "[1,]", "{\"a\":1,}", "/*c*/1", "\uFEFF1")),
        (1, Gen.Int[1, 200].Select(depth => new string('[', depth) + new string(']', depth))),
        (1, Gen.Int[1, 200].Select(depth => string.Concat(Enumerable.Repeat("{\"price\":", depth)) + "1" + new string('}', depth))));

    /// <summary>Values of the schema.</summary>
    public Gen<string> Fitting(JsonNode? schema) => Values(Resolved(schema), hostile: false);

    /// <summary>Values of the schema in which some part is missing, doubled, strange or of another kind.</summary>
    public Gen<string> Spoilt(JsonNode? schema) => Gen.Frequency(
        (6, Values(Resolved(schema), hostile: true)),
        (1, Anything),
        (1, Gen.Select(Fitting(schema), Gen.Double[0, 1]).Select((text, share) => text[..(int)(text.Length * share)])),
        (1, Gen.Select(Fitting(schema), Anything).Select((text, rest) => text + rest)));

    private static string Quoted(string text) => JsonSerializer.Serialize(text, AsIs);

    private static int? Whole(JsonNode schema, string name) => schema[name] is { } bound ? (int)bound : null;

    private Gen<string> Values(JsonNode schema, bool hostile)
    {
        // That a value may be null is an alternative here, which says nothing of the value.
        if ((schema["oneOf"] ?? schema["anyOf"])?.AsArray() is { } branches)
        {
            return Gen.OneOf([.. branches.Where(branch => (string?)branch!["$ref"] is not null || (branch["type"] is JsonValue type && (string)type! != "null"))
                .Select(branch => Values(Resolved(branch), hostile))]);
        }

        var types = schema["type"] switch
        {
            JsonArray several => [.. several.Select(type => (string)type!)],
            JsonValue one => [(string)one!],
            _ => Array.Empty<string>(),
        };
        return types.FirstOrDefault(type => type != "null") switch
        {
            "object" => Objects(schema, hostile),
            "array" => Values(Resolved(schema["items"]), hostile).Array[Whole(schema, "minItems") ?? 0, Whole(schema, "maxItems") ?? 4]
                .Select(items => $"[{string.Join(',', items)}]"),
            "string" => Strings(schema),
            "integer" => Gen.Long[Bound(schema, "minimum", -1000), Bound(schema, "maximum", 1000)].Select(number => number.ToString(CultureInfo.InvariantCulture)),
            "number" => Gen.Double[-1000, 1000].Select(number => number.ToString("R", CultureInfo.InvariantCulture)),
            "boolean" => Gen.OneOf("true", "false"),
            _ => Anything,
        };
    }

    private static long Bound(JsonNode schema, string name, long otherwise) => schema[name] is { } bound ? (long)bound : otherwise;

    private static Gen<string> Strings(JsonNode schema) => (string?)schema["pattern"] is { } pattern
        ? Gen.OneOf(Candidates.Where(text => Regex.IsMatch(text, pattern, RegexOptions.None, TimeSpan.FromSeconds(1))).Select(Quoted).ToArray())
        : (string?)schema["format"] == "uuid"
            ? Gen.Guid.Select(id => $"\"{id}\"")
            : Gen.String[Gen.Char['a', 'z'], Math.Max(1, Whole(schema, "minLength") ?? 1), Math.Min(Whole(schema, "maxLength") ?? 20, 4000)].Select(Quoted);

    private Gen<string> Objects(JsonNode schema, bool hostile)
    {
        var fields = Gen.Const("");
        foreach (var (name, field) in schema["properties"]?.AsObject() ?? [])
        {
            var fitting = Values(Resolved(field), hostile).Select(value => $"{Quoted(name)}:{value},");
            var part = hostile
                ? Gen.Frequency(
                    (8, fitting),
                    (2, Anything.Select(value => $"{Quoted(name)}:{value},")),
                    (1, Gen.Const("")),
                    (1, Gen.Select(fitting, fitting).Select((one, two) => one + two)),
                    (1, Gen.Select(Text, Anything).Select((other, value) => $"{Quoted(other)}:{value},")))
                : fitting;
            fields = Gen.Select(fields, part).Select((before, added) => before + added);
        }

        return fields.Select(text => $"{{{text.TrimEnd(',')}}}");
    }

    private JsonNode Resolved(JsonNode? schema) => (string?)schema?["$ref"] is { } reference
        ? reference.TrimStart('#', '/').Split('/').Aggregate(document, (node, name) => node[name]!)
        : schema ?? new JsonObject();
}
