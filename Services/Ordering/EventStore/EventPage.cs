namespace Shop.Ordering.EventStore;

/// <summary>Some events of all orders.</summary>
/// <param name="Items">In the order in which they are to be read.</param>
/// <param name="Next">Where to read on.</param>
public sealed record EventPage(IReadOnlyList<RecordedEvent> Items, string Next);
