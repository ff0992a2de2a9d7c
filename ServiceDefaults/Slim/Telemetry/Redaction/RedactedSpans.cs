using System.Diagnostics;
using OpenTelemetry;

namespace Trellis.ServiceDefaults.Telemetry.Redaction;

/// <summary>Redacts the attributes of spans before they are exported. The values of query strings are gone by then: the instrumentation leaves them out.</summary>
internal sealed class RedactedSpans : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        List<KeyValuePair<string, object?>>? changes = null;
        foreach (ref readonly var tag in data.EnumerateTagObjects())
        {
            if (tag.Value is string)
            {
                var clean = PersonalData.Redact([tag]);
                if (!ReferenceEquals(clean[0].Value, tag.Value))
                {
                    (changes ??= []).Add(clean[0]);
                }
            }
        }

        foreach (var (name, value) in changes ?? [])
        {
            data.SetTag(name, value);
        }

        data.DisplayName = PersonalData.Redact(data.DisplayName);
        if (data.StatusDescription is { } description)
        {
            data.SetStatus(data.Status, PersonalData.Redact(description));
        }
    }
}
