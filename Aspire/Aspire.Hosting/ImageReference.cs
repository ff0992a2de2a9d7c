using System.Text.RegularExpressions;

namespace Aspire.Hosting;

/// <summary>The parts of an image's name as container engines take it: <c>[registry/]repository[:tag][@sha256:digest]</c>.</summary>
/// <param name="Name">Registry and repository.</param>
/// <param name="Tag">The tag, if there is one.</param>
/// <param name="Sha256">The digest without the name of its algorithm, if there is one.</param>
internal sealed partial record ImageReference(string Name, string? Tag, string? Sha256)
{
    private const string DigestPrefix = "sha256:";

    /// <summary>Takes a name apart.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is no image's name.</exception>
    public static ImageReference Parse(string image)
    {
        var match = Reference().Match(image);
        if (!match.Success)
        {
            throw new ArgumentOutOfRangeException(nameof(image), image, "This is not the name of a container image: [registry/]repository[:tag][@sha256:digest].");
        }

        var digest = match.Groups["digest"];
        return !digest.Success || digest.Value.StartsWith(DigestPrefix, StringComparison.Ordinal)
            ? new ImageReference(match.Groups["name"].Value, TextOf(match.Groups["tag"]), TextOf(digest)?[DigestPrefix.Length..])
            : throw new ArgumentOutOfRangeException(nameof(image), image, "The image's digest does not start with sha256:.");
    }

    private static string? TextOf(Group group) => group.Success ? group.Value : null;

    // What stands before a slash may hold a port; what stands after the last one may not, so the last colon there opens the tag.
    [GeneratedRegex(@"^(?<name>([\w.\-:\[\]]+/)?[\w.\-/<>]+)(:(?<tag>[\w.\-<>]+))?(@(?<digest>.+))?$")]
    private static partial Regex Reference();
}
