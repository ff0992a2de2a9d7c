using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Shop.Fulfilment.Data;
using Shop.Fulfilment.Shipments;

namespace Shop.Fulfilment.Carrier;

/// <summary>Takes shipments that are due, and puts down what came of them. Whoever else does the same does not get in the way.</summary>
internal sealed class DueShipments(IServiceScopeFactory scopes, IOptions<CarrierSettings> settings, TimeProvider time)
{
    /// <summary>Takes due shipments, the oldest first, for the time of a lease.</summary>
    public async Task<IReadOnlyList<Shipment>> TakeAsync(int most, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var now = time.GetUtcNow();
        return await scope.ServiceProvider.GetRequiredService<FulfilmentDbContext>().Shipments.FromSql(
            $"""
             UPDATE shipments SET attempts = attempts + 1, due_at = {now + settings.Value.Lease}
             WHERE order_id IN (SELECT order_id FROM shipments WHERE due_at <= {now} ORDER BY due_at LIMIT {most} FOR UPDATE SKIP LOCKED)
             RETURNING *
             """).AsNoTracking().ToListAsync(cancellationToken);
    }

    /// <summary>Takes the shipment of an order, if it is due.</summary>
    public async Task<Shipment?> TakeAsync(Guid orderId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var now = time.GetUtcNow();
        var taken = await scope.ServiceProvider.GetRequiredService<FulfilmentDbContext>().Shipments.FromSql(
            $"""
             UPDATE shipments SET attempts = attempts + 1, due_at = {now + settings.Value.Lease}
             WHERE order_id = {orderId} AND due_at <= {now}
             RETURNING *
             """).AsNoTracking().ToListAsync(cancellationToken);
        return taken.SingleOrDefault();
    }

    /// <summary>Takes over the carrier's answer, tells of it, and commits.</summary>
    public async Task RecordAsync(Shipment taken, CarrierAnswer answer, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<FulfilmentDbContext>();
        var book = scope.ServiceProvider.GetRequiredService<ShipmentBook>();
        await database.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            // What a failed attempt has left.
            database.ChangeTracker.Clear();
            await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
            if (await book.RecordAsync(taken.OrderId, taken.State, answer, cancellationToken))
            {
                await database.SaveChangesAsync(cancellationToken);
                await transaction.CommitAsync(cancellationToken);
            }
        });
    }

    /// <summary>
    /// Puts back a shipment whose outcome stayed unknown, and gives up handing it over when that has taken too long. What may have reached the carrier has not
    /// failed before the carrier says so: it is withdrawn.
    /// </summary>
    /// <returns>When it is due again; null if somebody else has it by now.</returns>
    public async Task<TimeSpan?> PutBackAsync(Shipment taken, bool atOnce, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<FulfilmentDbContext>();
        var now = time.GetUtcNow();
        var pause = atOnce ? TimeSpan.Zero : PauseAfter(taken.Attempts);
        var givesUp = taken.State == ShipmentState.HandingOver && now - taken.RequestedAt >= settings.Value.GiveUpAfter;
        var (state, reason) = givesUp ? (ShipmentState.Withdrawing, "The carrier could not be reached in time.") : (taken.State, taken.Reason);
        var changed = await database.Shipments
            .Where(row => row.OrderId == taken.OrderId && row.State == taken.State && row.Attempts == taken.Attempts && row.DueAt != null)
            .ExecuteUpdateAsync(
                row => row.SetProperty(shipment => shipment.DueAt, now + pause).SetProperty(shipment => shipment.State, state).SetProperty(shipment => shipment.Reason, reason),
                cancellationToken);
        return changed > 0 ? pause : null;
    }

    private TimeSpan PauseAfter(int attempts)
    {
        var (first, longest) = (settings.Value.RetryDelay, settings.Value.MaxRetryDelay);
        var full = Math.Min(first.TotalMilliseconds * Math.Pow(2, Math.Min(attempts - 1, 30)), longest.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(full * (0.5 + (RandomNumberGenerator.GetInt32(1001) / 2000.0)));
    }
}
