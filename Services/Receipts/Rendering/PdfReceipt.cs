using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Writer;

namespace Shop.Receipts.Rendering;

/// <summary>A receipt as a PDF on A4 pages, with the letters that it needs in it.</summary>
internal sealed class PdfReceipt : IDisposable
{
    private const double Left = 50;
    private const double Right = 545;
    private const double Top = 780;
    private const double Bottom = 60;
    private const double QuantityEnd = 330;
    private const double UnitPriceEnd = 440;
    private const double NameWidth = 215;
    private const double Size = 9;
    private const double Leading = 14;

    private readonly PdfDocumentBuilder _document = new();
    // One typeface: each is read anew for every document, which is most of the work.
    private readonly PdfFont _font;
    private PdfPageBuilder _page;
    private double _y;

    private PdfReceipt()
    {
        _font = new PdfFont(_document, Typeface.Sans);
        _page = _document.AddPage(PageSize.A4);
        _y = Top;
    }

    public static byte[] Render(Receipt receipt)
    {
        using var pdf = new PdfReceipt();
        pdf._document.DocumentInformation.Title = $"Receipt {receipt.OrderId:D}";
        pdf.WriteHead(receipt);
        pdf.WriteColumns();
        foreach (var line in receipt.Lines)
        {
            pdf.Write(line);
        }

        pdf.WriteTotal(receipt.Total);
        return pdf._document.Build();
    }

    public void Dispose() => _document.Dispose();

    private void WriteHead(Receipt receipt)
    {
        _font.Write(_page, "Receipt", 20, Left, _y);
        _y -= 28;
        string[] head = [$"Order {receipt.OrderId:D}", receipt.Date, "", .. receipt.Recipient];
        foreach (var text in head.SelectMany(text => _font.Wrap(text, Size, Right - Left)))
        {
            _font.Write(_page, text, Size, Left, _y);
            _y -= Leading;
        }

        _y -= Leading;
    }

    private void WriteColumns()
    {
        _font.Write(_page, "Product", Size, Left, _y);
        WriteNumbers("Quantity", "Each", "Price");
        _page.DrawLine(new PdfPoint(Left, _y - 4), new PdfPoint(Right, _y - 4));
        _y -= Leading + 4;
    }

    private void Write(ReceiptLine line)
    {
        var name = _font.Wrap(line.Name, Size, NameWidth);
        TurnPageFor(name.Count);
        WriteNumbers(line.Quantity, line.UnitPrice, line.Price);
        foreach (var text in name)
        {
            _font.Write(_page, text, Size, Left, _y);
            _y -= Leading;
        }
    }

    private void WriteTotal(string total)
    {
        TurnPageFor(2);
        _page.DrawLine(new PdfPoint(Left, _y + 8), new PdfPoint(Right, _y + 8));
        _y -= 4;
        _font.Write(_page, "Total", Size + 2, Left, _y);
        _font.WriteTo(_page, total, Size + 2, Right, _y);
    }

    private void WriteNumbers(string quantity, string unitPrice, string price)
    {
        _font.WriteTo(_page, quantity, Size, QuantityEnd, _y);
        _font.WriteTo(_page, unitPrice, Size, UnitPriceEnd, _y);
        _font.WriteTo(_page, price, Size, Right, _y);
    }

    private void TurnPageFor(int lines)
    {
        if (_y - ((lines - 1) * Leading) < Bottom)
        {
            _page = _document.AddPage(PageSize.A4);
            _y = Top;
            WriteColumns();
        }
    }
}
