using Microsoft.EntityFrameworkCore;
using Shop.Ordering.Data;
using Shop.Ordering.Orders;
using Shop.Ordering.Reading;
using Shop.Ordering.Saga;

namespace Shop.Ordering.Placing;

/// <summary>Cancels an order on the customer's word.</summary>
internal sealed class OrderCancellation(IServiceScopeFactory scopes)
{
    /// <summary>How often it is tried again when the order has moved on meanwhile. It has few steps to move.</summary>
    private const int MostAttempts = 5;

    /// <summary>Cancels an order, unless it is too late.</summary>
    /// <returns>What the order is then; null if the customer has no such order.</returns>
    public async Task<OrderStatus?> CancelAsync(Guid id, string customer, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                return await CancelAsync(scope.ServiceProvider, id, customer, cancellationToken);
            }
            catch (DbUpdateException) when (attempt < MostAttempts)
            {
                // Somebody else has added to the stream: decide again, on what it is now.
            }
        }
    }

    private static async Task<OrderStatus?> CancelAsync(IServiceProvider services, Guid id, string customer, CancellationToken cancellationToken)
    {
        if (await services.GetRequiredService<OrderReader>().FindAsync(id, customer, cancellationToken) is null)
        {
            return null;
        }

        // One SaveChanges, which is one transaction; if the answer to its commit is lost, cancelling again finds the order cancelled.
        var order = await services.GetRequiredService<OrderProcess>().HandleAsync(id, new CancelOrder("The customer has cancelled the order."), causationId: null, cancellationToken);
        await services.GetRequiredService<OrderingDbContext>().SaveChangesAsync(cancellationToken);
        return order?.Status;
    }
}
