using Microsoft.Net.Http.Headers;

namespace Shop.Catalog.Products;

/// <summary>Strong entity tags and the conditions of RFC 9110, section 13, on them.</summary>
internal static class EntityTags
{
    /// <summary>The tag of a revision, in quotes.</summary>
    public static string Of(Guid revision) => $"\"{revision:N}\"";

    /// <summary>Whether <c>If-None-Match</c> says that the client has this revision already. A header that cannot be read says nothing.</summary>
    public static bool ClientHas(HttpRequest request, Guid revision)
    {
        var mine = new EntityTagHeaderValue(Of(revision));
        return request.GetTypedHeaders().IfNoneMatch.Any(tag =>
            tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(mine, useStrongComparison: false));
    }

    /// <summary>
    /// Reads <c>If-Match</c>. False if there is a header that cannot be read: to take it for none would overwrite what the client wanted
    /// protected.
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
                    .Select(tag => Guid.TryParseExact(tag.Tag.AsSpan().Trim('"'), "N", out var revision) ? revision : Guid.Empty)
                    .Where(revision => revision != Guid.Empty),
            ];
        }

        return true;
    }
}
