using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Trellis.ServiceDefaults.Telemetry.Redaction;

namespace Trellis.ServiceDefaults.Telemetry.Logs;

/// <summary>
/// Writes each log entry as one JSON object on one line: <c>timestamp</c> (RFC 3339, UTC), <c>level</c>, <c>category</c>, <c>event_id</c>,
/// <c>event_name</c>, <c>message</c>, <c>template</c>, <c>trace_id</c>, <c>span_id</c>, <c>attributes</c> (the values of the message),
/// <c>scope</c> (the values of all scopes, inner ones winning) and <c>exception</c>.
/// </summary>
internal sealed class JsonLines(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "json-lines";

    private const string Template = "{OriginalFormat}";

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Compact))
        {
            json.WriteStartObject();
            json.WriteString("timestamp", time.GetUtcNow().UtcDateTime);
            json.WriteString("level", logEntry.LogLevel.ToString());
            json.WriteString("category", logEntry.Category);
            WriteEvent(json, logEntry.EventId);
            json.WriteString("message", PersonalData.Redact(logEntry.Formatter(logEntry.State, logEntry.Exception)));
            WriteTrace(json);
            WriteState(json, logEntry.State);
            WriteScopes(json, scopeProvider);
            if (logEntry.Exception is { } exception)
            {
                json.WriteString("exception", PersonalData.Redact(exception.ToString()));
            }

            json.WriteEndObject();
        }

        textWriter.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static void WriteEvent(Utf8JsonWriter json, EventId @event)
    {
        json.WriteNumber("event_id", @event.Id);
        if (@event.Name is not null)
        {
            json.WriteString("event_name", @event.Name);
        }
    }

    private static void WriteTrace(Utf8JsonWriter json)
    {
        if (Activity.Current is { } span)
        {
            json.WriteString("trace_id", span.TraceId.ToHexString());
            json.WriteString("span_id", span.SpanId.ToHexString());
        }
    }

    private static void WriteState<TState>(Utf8JsonWriter json, TState state)
    {
        if (state is not IReadOnlyList<KeyValuePair<string, object?>> values)
        {
            return;
        }

        if (values.LastOrDefault(value => value.Key == Template).Value is string template)
        {
            json.WriteString("template", PersonalData.Redact(template));
        }

        WriteValues(json, "attributes", PersonalData.Redact(values));
    }

    private static void WriteScopes(Utf8JsonWriter json, IExternalScopeProvider? scopes)
    {
        var values = new List<KeyValuePair<string, object?>>();
        scopes?.ForEachScope(
            static (scope, values) =>
            {
                if (scope is IEnumerable<KeyValuePair<string, object?>> pairs)
                {
                    values.AddRange(pairs);
                }
                else if (scope is not null)
                {
                    values.Add(new("scope", scope));
                }
            },
            values);
        // The web host names the span in a scope; it has its own fields here.
        values.RemoveAll(value => value.Key is "TraceId" or "SpanId" or "ParentId");
        WriteValues(json, "scope", values);
    }

    private static void WriteValues(Utf8JsonWriter json, string name, IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        var last = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (key, value) in values.Where(value => value.Key != Template))
        {
            last[key] = value;
        }

        if (last.Count == 0)
        {
            return;
        }

        json.WriteStartObject(name);
        foreach (var (key, value) in last)
        {
            json.WritePropertyName(key);
            WriteValue(json, value);
        }

        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case bool truth: json.WriteBooleanValue(truth); break;
            case byte or sbyte or short or ushort or int or uint or long: json.WriteNumberValue(Convert.ToInt64(value)); break;
            case ulong number: json.WriteNumberValue(number); break;
            case double number when double.IsFinite(number): json.WriteNumberValue(number); break;
            case float number when float.IsFinite(number): json.WriteNumberValue(number); break;
            case decimal number: json.WriteNumberValue(number); break;
            case IFormattable formattable: json.WriteStringValue(formattable.ToString(null, null)); break;
            default: json.WriteStringValue(PersonalData.Redact(value.ToString() ?? "")); break;
        }
    }
}
