using System.ComponentModel;

namespace Shop.Catalog.Products;

/// <summary>One page of the products found.</summary>
/// <param name="Items">Best match first; without a search, by name.</param>
/// <param name="Page">Counted from 1.</param>
/// <param name="PageSize">The most items a page holds.</param>
/// <param name="Total">How many products were found on all pages.</param>
[ImmutableObject(true)]
public sealed record ProductPage(IReadOnlyList<ProductDetails> Items, int Page, int PageSize, int Total);
