using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;

namespace Trellis.Messaging.Contracts;

/// <summary>The JSON Schema (2020-12) of a message's body, as <see cref="MessageFormat"/> writes it.</summary>
internal static class MessageSchema
{
    // What is written: a reader takes numbers in quotes too, but nobody may send them.
    private static readonly JsonSerializerOptions Written = new(MessageFormat.Options) { NumberHandling = JsonNumberHandling.Strict };

    // JSON Schema has one kind of number. By the formats of OpenAPI one sees that a number got narrower.
    private static readonly Dictionary<Type, string> Formats = new()
    {
        [typeof(sbyte)] = "int8",
        [typeof(byte)] = "uint8",
        [typeof(short)] = "int16",
        [typeof(ushort)] = "uint16",
        [typeof(int)] = "int32",
        [typeof(uint)] = "uint32",
        [typeof(long)] = "int64",
        [typeof(ulong)] = "uint64",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
    };

    public static JsonObject Of(Type message, RecordDocumentation documentation)
    {
        var schema = Written.GetJsonSchemaAsNode(message, new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, node) => Complete(context, node, documentation),
        }).AsObject();
        schema.Insert(0, "title", message.Name);
        return schema;
    }

    /// <summary>The schema as part of a larger document, in which it stands at <paramref name="place"/> (a URI fragment).</summary>
    public static JsonObject Within(string place, JsonObject schema)
    {
        var part = schema.DeepClone().AsObject();
        Rebase(part, place);
        return part;
    }

    private static void Rebase(JsonNode? node, string place)
    {
        if (node is JsonObject part)
        {
            if (part["$ref"] is JsonValue reference && reference.TryGetValue(out string? target))
            {
                part["$ref"] = place + target[1..];
            }

            foreach (var (_, value) in part)
            {
                Rebase(value, place);
            }
        }
        else if (node is JsonArray list)
        {
            foreach (var item in list)
            {
                Rebase(item, place);
            }
        }
    }

    private static JsonNode Complete(JsonSchemaExporterContext context, JsonNode node, RecordDocumentation documentation)
    {
        if (node is not JsonObject schema)
        {
            return node;
        }

        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        if (Formats.TryGetValue(type, out var format))
        {
            schema["format"] = format;
        }
        else if (type.IsEnum && !schema.ContainsKey("enum") && !type.IsDefined(typeof(FlagsAttribute), inherit: false))
        {
            // Written as its number; which there are is part of the contract all the same.
            schema["enum"] = new JsonArray([.. Enum.GetValuesAsUnderlyingType(type).Cast<object>().Select(value => JsonSerializer.SerializeToNode(value))]);
        }

        if (Description(context, type, documentation) is { } description)
        {
            schema.Insert(0, "description", description);
        }

        return schema;
    }

    private static string? Description(JsonSchemaExporterContext context, Type type, RecordDocumentation documentation) =>
        context is { PropertyInfo: { } property } && property.AttributeProvider is System.Reflection.MemberInfo member
            ? documentation.Of(member.DeclaringType!, member.Name)
            : context.Path.IsEmpty ? documentation.Of(type) : null;
}
