using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Trellis.ServiceDefaults.Errors;

/// <summary>What a caller may learn of an exception: all about a bad request, nothing about anything else.</summary>
internal static partial class UnhandledException
{
    public static int StatusCode(Exception exception) =>
        exception is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError;

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
