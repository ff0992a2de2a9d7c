using System.Collections.Concurrent;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Writer;

namespace Shop.Receipts.Rendering;

/// <summary>A font file, and how wide its characters are.</summary>
internal sealed class Typeface
{
    /// <summary>Stands for what the font does not have.</summary>
    public const char Replacement = '\uFFFD';

    private static readonly Lazy<Typeface> LoadedSans = new(() => new Typeface("DejaVuSans.ttf"));

    private readonly ConcurrentDictionary<char, double?> _widths = new();
    private readonly PdfPageBuilder _page;
    private readonly PdfDocumentBuilder.AddedFont _font;
    private readonly Lock _gate = new();

    private Typeface(string name)
    {
        using var resource = typeof(Typeface).Assembly.GetManifestResourceStream(name)!;
        File = new byte[resource.Length];
        resource.ReadExactly(File);
        // Of a document that is never written: only a page can measure.
        var document = new PdfDocumentBuilder();
        _font = document.AddTrueTypeFont(File);
        _page = document.AddPage(PageSize.A4);
    }

    /// <summary>The one that receipts are printed in.</summary>
    public static Typeface Sans => LoadedSans.Value;

    /// <summary>The font file.</summary>
    public byte[] File { get; }

    /// <summary>The text in characters that the font has.</summary>
    public string Printable(string text) =>
        string.Create(text.Length, (this, text), static (printable, state) =>
        {
            for (var index = 0; index < printable.Length; index++)
            {
                printable[index] = state.Item1.WidthOf(state.text[index]) is null ? Replacement : state.text[index];
            }
        });

    /// <summary>How wide a character is at size 1, or null if the font does not have it.</summary>
    public double? WidthOf(char character) => _widths.GetOrAdd(character, static (added, typeface) => typeface.Measure(added), this);

    private double? Measure(char character)
    {
        try
        {
            lock (_gate)
            {
                // The advance; the letter's own width is that of its ink.
                return _page.MeasureText(character.ToString(), 100, new PdfPoint(0, 0), _font)[0].EndBaseLine.X / 100;
            }
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
