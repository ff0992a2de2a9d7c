using Microsoft.EntityFrameworkCore;
using Shop.Ordering.Data;

namespace Shop.Ordering.Reading;

/// <summary>Finds the orders of one customer; another's are as if they were not there.</summary>
internal sealed class OrderReader(OrderingDbContext database)
{
    public Task<OrderRow?> FindAsync(Guid id, string customer, CancellationToken cancellationToken) =>
        database.Orders.AsNoTracking().SingleOrDefaultAsync(order => order.Id == id && order.Customer == customer, cancellationToken);

    public async Task<OrderPage> ListAsync(string customer, int page, int pageSize, CancellationToken cancellationToken)
    {
        var own = database.Orders.AsNoTracking().Where(order => order.Customer == customer);
        var total = await own.CountAsync(cancellationToken);
        var rows = await own
            .OrderByDescending(order => order.PlacedAt).ThenByDescending(order => order.Id)
            .Skip((page - 1) * pageSize).Take(pageSize)
            .ToListAsync(cancellationToken);
        return new OrderPage([.. rows.Select(row => new OrderSummary(row.Id, row.Status, row.PlacedAt, row.Read().Total))], page, pageSize, total);
    }

    /// <summary>The rows of some orders, by id, for watchers that were let in before.</summary>
    public Task<Dictionary<Guid, OrderRow>> FindAsync(Guid[] ids, CancellationToken cancellationToken) =>
        database.Orders.AsNoTracking().Where(order => ids.Contains(order.Id)).ToDictionaryAsync(order => order.Id, cancellationToken);
}
