namespace Shop.Catalog.Products;

/// <summary>How a conditional write ended.</summary>
internal enum WriteOutcome
{
    Done,

    /// <summary>There is no such product.</summary>
    Absent,

    /// <summary>The product has another revision than the writer expected.</summary>
    Changed,
}
