using Shop.Receipts.Rendering;

namespace Shop.Receipts.Orders;

/// <summary>What an order must be like to get a receipt.</summary>
internal static class OrderRules
{
    private const int MostLines = 500;
    private const int LongestText = 200;
    private const int MostPieces = 1_000_000;

    // 500 lines of a million pieces at this price are less than the largest long.
    private const long HighestAmount = 10_000_000_000;

    private static readonly string[] PaidStates = ["Paid", "Shipped", "Completed"];

    /// <summary>What is wrong, by field as it was sent.</summary>
    public static Dictionary<string, string[]> FailuresOf(Order? order)
    {
        if (order is null)
        {
            return OrderReader.Failure("", "must be an order");
        }

        var failures = new Dictionary<string, string[]>(StringComparer.Ordinal);
        Require(failures, order.Id is { } id && id != Guid.Empty, "id", "must be the order's id");
        Require(failures, order.PlacedAt is { } at && at > DateTimeOffset.UnixEpoch, "placedAt", "must be the time of the order");
        Require(failures, order.Status is null || PaidStates.Contains(order.Status, StringComparer.Ordinal), "status", "must be Paid, Shipped or Completed: a receipt is for what is paid");
        if (order.ShippingAddress is { } address)
        {
            Check(failures, address);
        }

        CheckPrice(failures, order.Total, "total", long.MaxValue, currency: null);
        var currency = order.Total?.Currency is { } code && Currencies.IsKnown(code) ? code : null;
        Require(failures, order.Lines is { Count: > 0 and <= MostLines }, "lines", $"must be 1 to {MostLines} lines");
        for (var index = 0; index < Math.Min(order.Lines?.Count ?? 0, MostLines); index++)
        {
            Check(failures, order.Lines![index], $"lines[{index}]", currency);
        }

        if (failures.Count == 0)
        {
            var sum = order.Lines!.Sum(line => line!.Quantity!.Value * line.UnitPrice!.Amount!.Value);
            Require(failures, sum == order.Total!.Amount, "total.amount", "must be the sum of the lines");
        }

        return failures;
    }

    private static void Check(Dictionary<string, string[]> failures, Address address)
    {
        foreach (var (name, value) in new[]
        {
            ("name", address.Name), ("street", address.Street), ("postalCode", address.PostalCode), ("city", address.City), ("country", address.Country),
        })
        {
            Require(failures, value is null or { Length: <= LongestText }, $"shippingAddress.{name}", $"must be at most {LongestText} characters long");
        }
    }

    private static void Check(Dictionary<string, string[]> failures, OrderLine? line, string field, string? currency)
    {
        if (line is null)
        {
            failures[field] = ["must be a line"];
            return;
        }

        Require(failures, line.Name is { Length: <= LongestText } name && PlainText.Of(name).Length > 0, $"{field}.name", $"must be 1 to {LongestText} characters long");
        Require(failures, line.Quantity is >= 1 and <= MostPieces, $"{field}.quantity", $"must be 1 to {MostPieces}");
        CheckPrice(failures, line.UnitPrice, $"{field}.unitPrice", HighestAmount, currency);
    }

    private static void CheckPrice(Dictionary<string, string[]> failures, Price? price, string field, long highest, string? currency)
    {
        if (price is null)
        {
            failures[field] = ["must be an amount of money"];
            return;
        }

        Require(failures, price.Amount >= 0 && price.Amount <= highest, $"{field}.amount", highest == long.MaxValue ? "must not be negative" : $"must be 0 to {highest}");
        Require(failures, price.Currency is not null && Currencies.IsKnown(price.Currency), $"{field}.currency", "must be a code of ISO 4217");
        Require(failures, price.Currency is null || currency is null || price.Currency == currency, $"{field}.currency", "must be the currency of the total");
    }

    private static void Require(Dictionary<string, string[]> failures, bool isMet, string field, string message)
    {
        if (!isMet)
        {
            failures[field] = failures.TryGetValue(field, out var before) ? [.. before, message] : [message];
        }
    }
}
