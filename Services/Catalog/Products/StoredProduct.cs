using System.ComponentModel;

namespace Shop.Catalog.Products;

/// <summary>What is kept in the cache of one product: what the API shows, and what its entity tag is made of.</summary>
/// <param name="Details">What the API shows.</param>
/// <param name="Revision">Of what writers write.</param>
/// <param name="StockVersion">Of how many pieces can be ordered; null while nobody has told.</param>
[ImmutableObject(true)]
internal sealed record StoredProduct(ProductDetails Details, Guid Revision, long? StockVersion);
