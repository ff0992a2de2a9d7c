using System.Globalization;
using Shop.Receipts.Orders;

namespace Shop.Receipts.Rendering;

/// <summary>What stands on a receipt, as it stands there.</summary>
internal sealed record Receipt(Guid OrderId, string Date, IReadOnlyList<string> Recipient, IReadOnlyList<ReceiptLine> Lines, string Total)
{
    /// <summary>Of an order that keeps to <see cref="OrderRules"/>.</summary>
    public static Receipt Of(Order order)
    {
        var address = order.ShippingAddress;
        string[] recipient = address is null
            ? []
            : [PlainText.Of(address.Name), PlainText.Of(address.Street), PlainText.Of($"{address.PostalCode} {address.City}"), PlainText.Of(address.Country)];
        return new Receipt(
            order.Id!.Value,
            order.PlacedAt!.Value.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
            [.. recipient.Where(text => text.Length > 0)],
            [.. order.Lines!.Select(line => LineOf(line!))],
            Currencies.Format(order.Total!.Amount!.Value, order.Total.Currency!));
    }

    private static ReceiptLine LineOf(OrderLine line)
    {
        var (quantity, price) = (line.Quantity!.Value, line.UnitPrice!);
        return new ReceiptLine(
            PlainText.Of(line.Name),
            quantity.ToString("N0", CultureInfo.InvariantCulture),
            Currencies.Format(price.Amount!.Value, price.Currency!),
            Currencies.Format(quantity * price.Amount.Value, price.Currency!));
    }
}
