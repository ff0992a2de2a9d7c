using System.Text.RegularExpressions;

namespace Shop.Catalog.Products;

/// <summary>
/// What a person typed into the search box, split for PostgreSQL: the whole text in the syntax of <c>websearch_to_tsquery</c>, and, if
/// the last word may still be growing, what stands before it and the word as a prefix.
/// </summary>
internal sealed partial record SearchText(string Whole, string Before, string? Prefix)
{
    /// <summary>Reads the text; null if it holds nothing to look for.</summary>
    public static SearchText? From(string? typed)
    {
        // Control characters separate words at most; NUL would be refused by the server.
        var text = Control().Replace(typed ?? "", " ").Trim();
        if (text.Length == 0)
        {
            return null;
        }

        // Inside an open quote a word is part of a phrase; behind a hyphen it is excluded, or the second half of a compound.
        var lastWord = LastWord().Match(text);
        return lastWord.Success && text.Count(character => character == '"') % 2 == 0
            ? new SearchText(text, text[..lastWord.Index], $"{lastWord.Value}:*")
            : new SearchText(text, text, null);
    }

    [GeneratedRegex(@"\p{C}+")]
    private static partial Regex Control();

    [GeneratedRegex(@"(?<=^|\s)[\p{L}\p{N}]+$")]
    private static partial Regex LastWord();
}
