using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Writer;

namespace Shop.Receipts.Rendering;

/// <summary>A typeface in a document. A font in a PDF numbers its characters with one byte, so that one with many becomes several.</summary>
internal sealed class PdfFont(PdfDocumentBuilder document, Typeface typeface)
{
    private const int CharactersInOne = 200;

    private readonly List<PdfDocumentBuilder.AddedFont> _parts = [];
    private readonly Dictionary<char, int> _partOf = [];

    /// <summary>Writes from a place to the right.</summary>
    public void Write(PdfPageBuilder page, string text, double size, double x, double y)
    {
        var printable = typeface.Printable(text);
        for (var start = 0; start < printable.Length;)
        {
            var part = PartOf(printable[start]);
            var end = start + 1;
            while (end < printable.Length && PartOf(printable[end]) == part)
            {
                end++;
            }

            page.AddText(printable[start..end], size, new PdfPoint(x, y), _parts[part]);
            x += WidthOf(printable.AsSpan(start, end - start), size);
            start = end;
        }
    }

    /// <summary>Writes so that the text ends at a place.</summary>
    public void WriteTo(PdfPageBuilder page, string text, double size, double right, double y) => Write(page, text, size, right - WidthOf(text, size), y);

    /// <summary>Breaks text into lines, between words where it can be.</summary>
    public List<string> Wrap(string text, double size, double width)
    {
        var lines = new List<string>();
        var rest = text;
        while (WidthOf(rest, size) > width)
        {
            var fits = 1;
            while (WidthOf(rest.AsSpan(0, fits + 1), size) <= width)
            {
                fits++;
            }

            var space = rest.LastIndexOf(' ', fits);
            var end = space > 0 ? space : fits;
            lines.Add(rest[..end]);
            rest = rest[end..].TrimStart();
        }

        lines.Add(rest);
        return lines;
    }

    private double WidthOf(ReadOnlySpan<char> text, double size)
    {
        var width = 0.0;
        foreach (var character in text)
        {
            width += (typeface.WidthOf(character) ?? typeface.WidthOf(Typeface.Replacement) ?? 1) * size;
        }

        return width;
    }

    private int PartOf(char character)
    {
        if (!_partOf.TryGetValue(character, out var part))
        {
            part = _partOf.Count / CharactersInOne;
            if (part == _parts.Count)
            {
                _parts.Add(document.AddTrueTypeFont(typeface.File));
            }

            _partOf.Add(character, part);
        }

        return part;
    }
}
