namespace Shop.Catalog.Products;

/// <summary>Which products are asked for; the page is counted from 1.</summary>
internal sealed record ProductQuery(string? Search, string? Category, int Page, int PageSize);
