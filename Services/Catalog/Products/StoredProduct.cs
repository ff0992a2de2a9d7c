using System.ComponentModel;

namespace Shop.Catalog.Products;

/// <summary>What is kept in the cache of one product: what the API shows, and the revision its entity tag is made of.</summary>
[ImmutableObject(true)]
internal sealed record StoredProduct(ProductDetails Details, Guid Revision);
