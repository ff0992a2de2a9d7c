namespace Shop.Ordering.Reading;

/// <summary>One page of the caller's orders.</summary>
/// <param name="Items">The newest first.</param>
/// <param name="Page">Counted from 1.</param>
/// <param name="PageSize">The most items a page holds.</param>
/// <param name="Total">How many orders there are on all pages.</param>
public sealed record OrderPage(IReadOnlyList<OrderSummary> Items, int Page, int PageSize, int Total);
