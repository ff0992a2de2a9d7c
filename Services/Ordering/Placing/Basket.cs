using Microsoft.AspNetCore.Http.HttpResults;
using Shop.Catalog.Client;
using Shop.Ordering.Orders;
using Shop.Ordering.Pricing;
using Money = Shop.Ordering.Contract.Money;

namespace Shop.Ordering.Placing;

/// <summary>Puts the catalogue's prices on the lines of an order, or says why that cannot be.</summary>
internal sealed class Basket(CatalogPrices prices)
{
    /// <summary>The lines at the prices of the moment; or the problem to answer with.</summary>
    public async Task<(IReadOnlyList<OrderedLine> Lines, ProblemHttpResult? Problem)> PriceAsync(OrderDraft draft, CancellationToken cancellationToken)
    {
        var products = await prices.FindAsync(draft.Lines!.Select(line => line.ProductId!.Value), cancellationToken);
        var unknown = draft.Lines!.Select(line => line.ProductId!.Value).Distinct().Where(id => !products.ContainsKey(id)).ToArray();
        if (unknown.Length > 0)
        {
            return ([], Unknown(unknown));
        }

        var stale = draft.Lines!.Where(line => IsStale(line, products[line.ProductId!.Value])).Select(line => products[line.ProductId!.Value]).ToArray();
        if (stale.Length > 0)
        {
            return ([], Stale(stale));
        }

        OrderedLine[] lines = [.. draft.Lines!.Select(line => Price(line, products[line.ProductId!.Value]))];
        return lines.DistinctBy(line => line.UnitPrice.Currency).Count() > 1 ? ([], Mixed()) : (lines, null);
    }

    public static Money TotalOf(IReadOnlyList<OrderedLine> lines) =>
        new(lines.Sum(line => checked(line.UnitPrice.Amount * line.Quantity)), lines[0].UnitPrice.Currency);

    private static OrderedLine Price(LineDraft line, ProductDetails product) =>
        new(product.Id, product.Name, line.Quantity!.Value, new Money(product.Price.Amount, product.Price.Currency));

    private static bool IsStale(LineDraft line, ProductDetails product) =>
        line.UnitPrice is { } seen && (seen.Amount != product.Price.Amount || !string.Equals(seen.Currency, product.Price.Currency, StringComparison.Ordinal));

    private static ProblemHttpResult Unknown(Guid[] ids) => TypedResults.Problem(
        $"The catalogue has no product {string.Join(", ", ids)}.",
        statusCode: StatusCodes.Status422UnprocessableEntity,
        title: "A product is not sold here.",
        extensions: [new("products", ids)]);

    private static ProblemHttpResult Stale(ProductDetails[] products) => TypedResults.Problem(
        $"The price has changed since it was seen: {string.Join("; ", products.Select(product => $"{product.Name} ({product.Id}) costs {product.Price.Amount} {product.Price.Currency} now, in minor units"))}.",
        statusCode: StatusCodes.Status409Conflict,
        title: "A price has changed.",
        extensions: [new("products", products.Select(product => product.Id).ToArray())]);

    private static ProblemHttpResult Mixed() => TypedResults.Problem(
        "An order is paid in one currency, but its products have prices in several.", statusCode: StatusCodes.Status422UnprocessableEntity);
}
