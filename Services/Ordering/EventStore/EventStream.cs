using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Shop.Ordering.Data;
using Shop.Ordering.Orders;

namespace Shop.Ordering.EventStore;

/// <summary>
/// Reads an order's stream and adds to it, as part of the context's unit of work. If somebody else has added meanwhile, saving fails with
/// <see cref="DbUpdateException"/>, and what was decided on the old state is to be decided again.
/// </summary>
/// <remarks>
/// Without snapshots: an order has rarely more than 8 events, and reading and folding them costs less than keeping a snapshot up to date would at every step.
/// </remarks>
internal sealed class EventStream(OrderingDbContext database)
{
    /// <summary>The order as it is, and the trace it was placed in; null if there is none.</summary>
    public async Task<(OrderState Order, string? TraceParent)?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        var events = await database.Events.AsNoTracking()
            .Where(stored => stored.StreamId == id)
            .OrderBy(stored => stored.Version)
            .Select(stored => new { stored.Type, stored.Data, stored.RecordedAt, stored.TraceParent })
            .ToListAsync(cancellationToken);
        return events.Count == 0
            ? null
            : (events.Aggregate(new OrderState { Id = id }, (order, stored) => order.After(EventTypes.Read(stored.Type, stored.Data), stored.RecordedAt)),
                events[0].TraceParent);
    }

    /// <summary>Adds facts.</summary>
    /// <param name="order">The order that they were decided on.</param>
    /// <param name="facts">What has happened.</param>
    /// <param name="at">When; kept to the millisecond.</param>
    /// <param name="causationId">The message that made it happen, if it was one.</param>
    /// <returns>The order after them.</returns>
    public OrderState Append(OrderState order, IReadOnlyList<OrderFact> facts, DateTimeOffset at, string? causationId)
    {
        foreach (var fact in facts)
        {
            order = order.After(fact, at);
            var (type, data) = EventTypes.Write(fact);
            database.Events.Add(new StoredEvent
            {
                StreamId = order.Id,
                Version = order.Version,
                Type = type,
                Data = data,
                RecordedAt = at,
                CausationId = causationId,
                CorrelationId = order.Id.ToString(),
                TraceParent = Activity.Current?.Id,
            });
        }

        return order;
    }
}
