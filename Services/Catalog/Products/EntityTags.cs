using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace Shop.Catalog.Products;

/// <summary>Strong entity tags and the conditions of RFC 9110, section 13, on them.</summary>
internal static class EntityTags
{
    /// <summary>The tag of a product as it is shown, in quotes: its revision and, where the inventory has told of it, the version of its stock.</summary>
    public static string Of(StoredProduct product) =>
        product.StockVersion is { } version ? $"\"{product.Revision:N}.{version}\"" : $"\"{product.Revision:N}\"";

    /// <summary>Whether <c>If-None-Match</c> says that the client has what is shown already. A header that cannot be read says nothing.</summary>
    public static bool ClientHas(HttpRequest request, StoredProduct product)
    {
        var mine = new EntityTagHeaderValue(Of(product));
        return request.GetTypedHeaders().IfNoneMatch.Any(tag =>
            tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(mine, useStrongComparison: false));
    }

    /// <summary>
    /// Reads <c>If-Match</c>. False if there is a header that cannot be read: to take it for none would overwrite what the client wanted
    /// protected. The stock in a tag does not count: no writer writes it, and with every order it is another.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="revisions">The revisions of which the current one must be; null if any will do. Tags that are weak or not ours match nothing.</param>
    public static bool TryReadIfMatch(HttpRequest request, out Guid[]? revisions)
    {
        revisions = null;
        var header = request.Headers.IfMatch;
        if (header.Count == 0)
        {
            return true;
        }

        if (!EntityTagHeaderValue.TryParseStrictList(header, out var tags) || tags.Count == 0)
        {
            return false;
        }

        if (!tags.Contains(EntityTagHeaderValue.Any))
        {
            revisions =
            [
                .. tags
                    .Where(tag => !tag.IsWeak)
                    .Select(tag => Guid.TryParseExact(RevisionOf(tag), "N", out var revision) ? revision : Guid.Empty)
                    .Where(revision => revision != Guid.Empty),
            ];
        }

        return true;
    }

    private static ReadOnlySpan<char> RevisionOf(EntityTagHeaderValue tag)
    {
        var text = tag.Tag.AsSpan().Trim('"');
        return text.LastIndexOf('.') is var dot and >= 0 && long.TryParse(text[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? text[..dot]
            : text;
    }
}
