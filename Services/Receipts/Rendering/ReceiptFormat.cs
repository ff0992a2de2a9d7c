using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Shop.Receipts.Rendering;

/// <summary>The media types of receipts.</summary>
internal static class ReceiptFormat
{
    public const string Html = "text/html";
    public const string Pdf = "application/pdf";

    private static readonly MediaTypeHeaderValue[] Offered = [new(Html), new(Pdf)];

    /// <summary>What the caller likes best (RFC 9110, section 12.5.1); a page where that leaves the choice.</summary>
    /// <returns>The media type, or null if the caller accepts neither.</returns>
    public static string? Choose(StringValues accept)
    {
        if (StringValues.IsNullOrEmpty(accept))
        {
            return Html;
        }

        if (!MediaTypeHeaderValue.TryParseList(accept, out var ranges))
        {
            return null;
        }

        return Offered.Select(offer => (Offer: offer.MediaType.Value, Quality: QualityOf(offer, ranges)))
            .Where(offer => offer.Quality > 0)
            .OrderByDescending(offer => offer.Quality)
            .FirstOrDefault().Offer;
    }

    // The most specific range speaks for a type.
    private static double QualityOf(MediaTypeHeaderValue offer, IList<MediaTypeHeaderValue> ranges) => ranges
        .Where(range => offer.MediaType.Equals(range.MediaType, StringComparison.OrdinalIgnoreCase) || range.MatchesAllTypes || (range.MatchesAllSubTypes && offer.Type.Equals(range.Type, StringComparison.OrdinalIgnoreCase)))
        .OrderBy(range => range.MatchesAllTypes ? 2 : range.MatchesAllSubTypes ? 1 : 0)
        .Select(range => range.Quality ?? 1)
        .FirstOrDefault();
}
