using OpenTelemetry;
using OpenTelemetry.Logs;

namespace Trellis.ServiceDefaults.Telemetry.Redaction;

/// <summary>Redacts log records before they are exported. The console redacts its own lines, the scopes are redacted for both.</summary>
internal sealed class RedactedLogs : BaseProcessor<LogRecord>
{
    public override void OnEnd(LogRecord data)
    {
        if (data.Attributes is { } attributes)
        {
            data.Attributes = PersonalData.Redact(attributes);
        }

        data.FormattedMessage = data.FormattedMessage is { } message ? PersonalData.Redact(message) : null;
        data.Body = data.Body is { } body ? PersonalData.Redact(body) : null;

        if (data.Exception is { } exception)
        {
            var text = exception.ToString();
            var clean = PersonalData.Redact(text);
            if (!ReferenceEquals(text, clean))
            {
                // An exception's text cannot be changed: its attributes take its place.
                data.Exception = null;
                data.Attributes =
                [
                    .. data.Attributes ?? [],
                    new("exception.type", exception.GetType().FullName),
                    new("exception.message", PersonalData.Redact(exception.Message)),
                    new("exception.stacktrace", clean),
                ];
            }
        }
    }
}
