using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Shop.Payments.Data;
using Shop.Payments.Provider;

namespace Shop.Payments.Charging;

/// <summary>Takes payments that are due, and puts down what came of them. Replicas do not get into each other's way.</summary>
internal sealed class DuePayments(IServiceScopeFactory scopes, IOptions<ChargingSettings> settings, TimeProvider time)
{
    /// <summary>
    /// Takes due payments for the time of a lease. That the provider may be asked from now on is committed before it is: a payment that is
    /// <see cref="PaymentState.Waiting"/> has surely not been charged.
    /// </summary>
    public async Task<IReadOnlyList<Payment>> TakeAsync(int most, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PaymentsDbContext>();
        var now = time.GetUtcNow();
        const short waiting = (short)PaymentState.Waiting;
        const short charging = (short)PaymentState.Charging;
        return await database.Payments.FromSql(
            $"""
             UPDATE payments SET state = CASE WHEN state = {waiting} THEN {charging} ELSE state END, attempts = attempts + 1, due_at = {now + settings.Value.Lease}
             WHERE order_id IN (SELECT order_id FROM payments WHERE due_at <= {now} ORDER BY due_at LIMIT {most} FOR UPDATE SKIP LOCKED)
             RETURNING *
             """).AsNoTracking().ToListAsync(cancellationToken);
    }

    /// <summary>Takes over the provider's answer, tells of it, and commits.</summary>
    public async Task RecordAsync(Guid orderId, ProviderAnswer answer, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PaymentsDbContext>();
        var book = scope.ServiceProvider.GetRequiredService<PaymentBook>();
        await database.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            // What a failed attempt has left.
            database.ChangeTracker.Clear();
            await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
            if (await book.RecordAsync(orderId, answer, cancellationToken))
            {
                await database.SaveChangesAsync(cancellationToken);
                await transaction.CommitAsync(cancellationToken);
            }
        });
    }

    /// <summary>Puts back a payment whose outcome stayed unknown, for later or for another replica at once.</summary>
    public async Task PutBackAsync(Payment taken, TimeSpan? pause, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PaymentsDbContext>();
        var dueAt = time.GetUtcNow() + (pause ?? PauseAfter(taken.Attempts));

        // Not one that was settled meanwhile, by a callback, or taken by somebody else.
        await database.Payments
            .Where(payment => payment.OrderId == taken.OrderId && payment.State == taken.State && payment.Attempts == taken.Attempts && payment.DueAt != null)
            .ExecuteUpdateAsync(row => row.SetProperty(payment => payment.DueAt, dueAt), cancellationToken);
    }

    /// <summary>How many payments are open, and since when the oldest.</summary>
    public async Task<(long Count, double OldestSeconds)> CountAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var open = scope.ServiceProvider.GetRequiredService<PaymentsDbContext>().Payments.Where(payment => payment.DueAt != null);
        var found = await open.GroupBy(_ => 1).Select(all => new { Count = all.LongCount(), Oldest = all.Min(payment => payment.RequestedAt) })
            .SingleOrDefaultAsync(cancellationToken);
        return found is null ? default : (found.Count, (time.GetUtcNow() - found.Oldest).TotalSeconds);
    }

    private TimeSpan PauseAfter(int attempts)
    {
        var (first, longest) = (settings.Value.RetryDelay, settings.Value.MaxRetryDelay);
        var full = Math.Min(first.TotalMilliseconds * Math.Pow(2, Math.Min(attempts - 1, 30)), longest.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(full * (0.5 + (RandomNumberGenerator.GetInt32(1001) / 2000.0)));
    }
}
