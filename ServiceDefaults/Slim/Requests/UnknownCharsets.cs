using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace Trellis.ServiceDefaults.Requests;

/// <summary>
/// Answers 415 (RFC 9110, section 15.5.16) where an endpoint would read a body as JSON whose charset nobody can decode. The framework's own reader
/// throws at such a charset, which would be an error of ours.
/// </summary>
internal static class UnknownCharsets
{
    public static void RefuseUnknownCharsets(this IApplicationBuilder app) => app.Use((context, next) =>
        IsKnown(context.Request.ContentType) || context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>() is null
            ? next(context)
            : throw new BadHttpRequestException("The charset of the body is not known.", StatusCodes.Status415UnsupportedMediaType));

    private static bool IsKnown(string? contentType)
    {
        // The usual case costs no parsing.
        if (contentType is null || !contentType.Contains("charset", StringComparison.OrdinalIgnoreCase)
            || !MediaTypeHeaderValue.TryParse(contentType, out var type) || !type.Charset.HasValue)
        {
            return true;
        }

        try
        {
            Encoding.GetEncoding(HeaderUtilities.RemoveQuotes(type.Charset).ToString());
            return true;
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
