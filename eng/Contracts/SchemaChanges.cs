using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Trellis.Contracts;

/// <summary>
/// Whether every value of one schema is a value of another. What clients send has to fit the newer schema when it fits the older; what they get has
/// to fit the older when it fits the newer. So both directions are one question, asked with the schemas changed over.
/// </summary>
internal sealed class SchemaChanges
{
    private readonly bool _sent;
    private readonly HashSet<(IOpenApiSchema, IOpenApiSchema)> _compared;
    private readonly List<string> _changes = [];

    private SchemaChanges(bool sent, HashSet<(IOpenApiSchema, IOpenApiSchema)> compared)
    {
        _sent = sent;
        _compared = compared;
    }

    public static List<string> OfRequest(string what, IOpenApiSchema? older, IOpenApiSchema? newer)
    {
        var changes = new SchemaChanges(sent: true, []);
        changes.Within(what, older, newer);
        return changes._changes;
    }

    public static List<string> OfAnswer(string what, IOpenApiSchema? older, IOpenApiSchema? newer)
    {
        var changes = new SchemaChanges(sent: false, []);
        changes.Within(what, newer, older);
        return changes._changes;
    }

    private void Within(string what, IOpenApiSchema? narrow, IOpenApiSchema? wide)
    {
        // Without a schema everything is taken. A schema may hold itself, each in its own way: the same two are compared once.
        narrow ??= new OpenApiSchema();
        if (wide is null || ((narrow is OpenApiSchemaReference || wide is OpenApiSchemaReference) && !_compared.Add((Target(narrow), Target(wide)))))
        {
            return;
        }

        if (Branches(narrow) is { } some && Branches(wide) is { } others)
        {
            AnyWithin(what, some, others);
            return;
        }

        CompareTypes(what, narrow, wide);
        CompareEnums(what, narrow, wide);
        CompareBounds(what, narrow, wide);
        CompareFields(what, narrow, wide);
        Within($"{what}[]", narrow.Items, wide.Items);
        Within($"{what}{{}}", narrow.AdditionalProperties, wide.AdditionalProperties);
        foreach (var (part, index) in (wide.AllOf ?? []).Select((part, index) => (part, index)))
        {
            Within(what, narrow.AllOf?.ElementAtOrDefault(index) ?? narrow, part);
        }
    }

    private static IOpenApiSchema Target(IOpenApiSchema schema) => schema is OpenApiSchemaReference { RecursiveTarget: { } target } ? target : schema;

    // A schema of alternatives against another: each must have a place there. One schema alone is one alternative.
    private static IList<IOpenApiSchema>? Branches(IOpenApiSchema schema) =>
        schema.OneOf is { Count: > 0 } one ? one : schema.AnyOf is { Count: > 0 } any ? any : null;

    private void AnyWithin(string what, IList<IOpenApiSchema> some, IList<IOpenApiSchema> others)
    {
        foreach (var branch in some)
        {
            var complaints = others.Select(other => Try(what, branch, other)).OrderBy(complaint => complaint.Count).ToList();
            _changes.AddRange(complaints[0]);
        }
    }

    private List<string> Try(string what, IOpenApiSchema narrow, IOpenApiSchema wide)
    {
        var attempt = new SchemaChanges(_sent, [.. _compared]);
        attempt.Within(what, narrow, wide);
        return attempt._changes;
    }

    private void CompareTypes(string what, IOpenApiSchema narrow, IOpenApiSchema wide)
    {
        if (wide.Type is not { } allowed)
        {
            return;
        }

        // Every integer is a number.
        if (allowed.HasFlag(JsonSchemaType.Number))
        {
            allowed |= JsonSchemaType.Integer;
        }

        if (narrow.Type is not { } type || (type | allowed) != allowed)
        {
            Add($"{what} has another type", narrow.Type?.ToString(), wide.Type?.ToString());
        }
        else if (wide.Format is { } format && format != narrow.Format && (narrow.Format, format) is not (("int32", "int64") or ("float", "double")))
        {
            Add($"{what} has another format", narrow.Format, format);
        }
    }

    private void CompareEnums(string what, IOpenApiSchema narrow, IOpenApiSchema wide)
    {
        if (wide.Enum is not { Count: > 0 } allowed)
        {
            return;
        }

        if (narrow.Enum is not { Count: > 0 } values)
        {
            Add($"{what} has other values", "any", Shown(allowed));
        }
        else if (values.Any(value => !allowed.Any(candidate => JsonNode.DeepEquals(candidate, value))))
        {
            Add($"{what} has other values", Shown(values), Shown(allowed));
        }
    }

    // Only for what clients send: that a text they get may be longer than before is no reason to refuse the change.
    private void CompareBounds(string what, IOpenApiSchema narrow, IOpenApiSchema wide)
    {
        if (!_sent)
        {
            return;
        }

        CompareBound(what, "minimum", Number(narrow.Minimum), Number(wide.Minimum), lower: true);
        CompareBound(what, "maximum", Number(narrow.Maximum), Number(wide.Maximum), lower: false);
        CompareBound(what, "exclusiveMinimum", Number(narrow.ExclusiveMinimum), Number(wide.ExclusiveMinimum), lower: true);
        CompareBound(what, "exclusiveMaximum", Number(narrow.ExclusiveMaximum), Number(wide.ExclusiveMaximum), lower: false);
        CompareBound(what, "minLength", narrow.MinLength ?? 0, wide.MinLength, lower: true);
        CompareBound(what, "maxLength", narrow.MaxLength, wide.MaxLength, lower: false);
        CompareBound(what, "minItems", narrow.MinItems ?? 0, wide.MinItems, lower: true);
        CompareBound(what, "maxItems", narrow.MaxItems, wide.MaxItems, lower: false);
        if (wide.Pattern is not null && wide.Pattern != narrow.Pattern)
        {
            Add($"{what} has another pattern", narrow.Pattern, wide.Pattern);
        }
    }

    private void CompareBound(string what, string name, decimal? narrow, decimal? wide, bool lower)
    {
        if (wide is { } limit && (narrow is not { } own || (lower ? own < limit : own > limit)))
        {
            Add($"{what} has a narrower {name}", narrow?.ToString(CultureInfo.InvariantCulture), limit.ToString(CultureInfo.InvariantCulture));
        }
    }

    private void CompareFields(string what, IOpenApiSchema narrow, IOpenApiSchema wide)
    {
        var (older, newer) = _sent ? (narrow, wide) : (wide, narrow);
        foreach (var (name, field) in older.Properties ?? new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal))
        {
            if (newer.Properties?.TryGetValue(name, out var now) is not true)
            {
                _changes.Add($"{what} no longer has the field {name}");
                continue;
            }

            Within($"{what}.{name}", _sent ? field : now, _sent ? now : field);
        }

        _changes.AddRange((wide.Required ?? new HashSet<string>())
            .Where(name => narrow.Required?.Contains(name) is not true && (_sent || newer.Properties?.ContainsKey(name) is true))
            .Select(name => _sent ? $"{what} now requires the field {name}" : $"{what} may now lack the field {name}"));
    }

    private void Add(string change, string? narrow, string? wide)
    {
        var (older, newer) = _sent ? (narrow, wide) : (wide, narrow);
        _changes.Add($"{change}: {newer ?? "none"} instead of {older ?? "none"}");
    }

    private static decimal? Number(string? text) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Shown(IList<JsonNode> values) => string.Join(", ", values.Select(value => value?.ToJsonString() ?? "null"));
}
