using System.Globalization;
using System.Text;

namespace Shop.Receipts.Rendering;

/// <summary>Text of others as it may stand on a receipt: in one line, and in the order in which it is read.</summary>
internal static class PlainText
{
    /// <summary>Leaves out what controls a terminal, a line or the direction of what follows; what is not text becomes U+FFFD.</summary>
    public static string Of(string? text)
    {
        var plain = new StringBuilder(text?.Length ?? 0);
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator:
                    plain.Append(' ');
                    break;
                // Marks of direction, joiners and the like.
                case UnicodeCategory.Format:
                    break;
                default:
                    plain.Append(rune.ToString());
                    break;
            }
        }

        return string.Join(' ', plain.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}
