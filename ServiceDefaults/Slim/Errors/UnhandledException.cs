using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Trellis.ServiceDefaults.Errors;

/// <summary>What a caller may learn of an exception: all about a bad request, nothing about anything else.</summary>
internal static partial class UnhandledException
{
    // Another service is away, not this one's code at fault: with its 4xx it would be.
    private static readonly TimeSpan UsualPause = TimeSpan.FromSeconds(1);

    public static int StatusCode(Exception exception) => exception switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        HttpRequestException { StatusCode: null or >= HttpStatusCode.InternalServerError or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests }
            or TaskCanceledException { InnerException: TimeoutException }
            // An answer that was cut off while it was read.
            or HttpIOException or IOException { InnerException: SocketException } => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    /// <summary>When a caller who got 503 because of an exception is to try again, in whole seconds.</summary>
    public static int SecondsToWait(Exception? exception) =>
        (int)Math.Ceiling(((exception as DependencyUnavailableException ?? exception?.InnerException as DependencyUnavailableException)?.RetryAfter is { } known && known > UsualPause ? known : UsualPause).TotalSeconds);

    public static string? Detail(Exception? exception)
    {
        if (exception is not BadHttpRequestException bad)
        {
            return null;
        }

        // The framework quotes parameters as "Int32 page": the type is ours, the name is the caller's.
        var message = QuotedParameter().Replace(bad.Message, "\"$1\"", count: 1);
        return bad.InnerException is JsonException { Path: { } path } json
            ? $"{message} The JSON is invalid at {path} (line {json.LineNumber + 1}, byte {json.BytePositionInLine})."
            : message;
    }

    [GeneratedRegex("\"[^\"]* ([A-Za-z_][A-Za-z0-9_]*)\"")]
    private static partial Regex QuotedParameter();
}
