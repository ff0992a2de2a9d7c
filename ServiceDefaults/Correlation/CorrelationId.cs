using System.Buffers;
using System.Diagnostics;

namespace Trellis.ServiceDefaults.Correlation;

/// <summary>
/// The id by which a caller recognizes what belongs together, over all services. It travels with the activity, as its baggage; where the caller sent
/// none, it is the trace's id, and nothing has to travel.
/// </summary>
internal static class CorrelationId
{
    public const string Header = "X-Correlation-ID";

    /// <summary>The name of the baggage, of the span's attribute and in the log's scope.</summary>
    public const string Name = "correlation.id";

    private const int LongestId = 128;

    // It ends up in logs and headers: no blanks, quotes or control characters.
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:/+=");

    /// <summary>The id of what is being done, where something is.</summary>
    public static string? Current => Activity.Current switch
    {
        null => null,
        // Baggage comes from callers as well, who may have written line breaks into it: in a header they would begin another one.
        var activity => activity.GetBaggageItem(Name) is { } id && IsWellFormed(id) ? id : activity.TraceId.ToHexString(),
    };

    public static bool IsWellFormed(string? id) => id is { Length: > 0 and <= LongestId } && !id.AsSpan().ContainsAnyExcept(Allowed);
}
