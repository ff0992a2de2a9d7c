using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Shop.Receipts.Rendering;

/// <summary>A receipt as a page that needs nothing else: no script, no image, no font.</summary>
internal static class HtmlReceipt
{
    private const string Style =
        "body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}table{width:100%;border-collapse:collapse}"
        + "th,td{text-align:right;padding:.4rem;border-bottom:1px solid #ccc;vertical-align:top}th:first-child,td:first-child{text-align:left;overflow-wrap:anywhere}"
        + "tfoot td{font-weight:bold;border:0}";

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>Allows this style and nothing else.</summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static string Render(Receipt receipt)
    {
        var page = new StringBuilder(2048)
            .Append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>Receipt ")
            .Append(receipt.OrderId).Append("</title><style>").Append(Style).Append("</style></head>\n<body><h1>Receipt</h1>\n<p>Order ")
            .Append(receipt.OrderId).Append("<br>").Append(receipt.Date).Append("</p>\n");
        if (receipt.Recipient.Count > 0)
        {
            page.Append("<address>").AppendJoin("<br>", receipt.Recipient.Select(Encoder.Encode)).Append("</address>\n");
        }

        page.Append("<table><thead><tr><th scope=\"col\">Product</th><th scope=\"col\">Quantity</th><th scope=\"col\">Each</th><th scope=\"col\">Price</th></tr></thead>\n<tbody>\n");
        foreach (var line in receipt.Lines)
        {
            page.Append("<tr><td>").Append(Encoder.Encode(line.Name)).Append("</td><td>").Append(line.Quantity).Append("</td><td>").Append(line.UnitPrice)
                .Append("</td><td>").Append(line.Price).Append("</td></tr>\n");
        }

        return page.Append("</tbody>\n<tfoot><tr><td colspan=\"3\">Total</td><td>").Append(receipt.Total).Append("</td></tr></tfoot></table></body></html>\n").ToString();
    }
}
