using Microsoft.EntityFrameworkCore;
using Shop.Payments.Charging;
using Shop.Payments.Data;
using Shop.Payments.Provider;

namespace Shop.Payments.Callbacks;

/// <summary>Lets a callback take effect once: its id and what it changes are in one transaction.</summary>
internal sealed class CallbackInbox(PaymentsDbContext database, PaymentBook book, TimeProvider time)
{
    /// <summary>Takes a callback over.</summary>
    /// <returns><c>news</c>, <c>duplicate</c>, or <c>known</c> when it says what is known already.</returns>
    public Task<string> TakeAsync(ProviderEvent told, CancellationToken cancellationToken) =>
        database.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            // What a failed attempt has left.
            database.ChangeTracker.Clear();
            await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);

            // First, so that the same one at the same time waits here.
            if (await database.Database.ExecuteSqlAsync(
                $"INSERT INTO received_callbacks (event_id, received_at) VALUES ({told.Id}, {time.GetUtcNow()}) ON CONFLICT DO NOTHING", cancellationToken) == 0)
            {
                return "duplicate";
            }

            var isNews = Guid.TryParse(told.Charge.Reference, out var orderId)
                && AnswerIn(told) is { Outcome: not ProviderOutcome.Open } answer
                && await book.RecordAsync(orderId, answer, cancellationToken);
            await database.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return isNews ? "news" : "known";
        });

    private static ProviderAnswer? AnswerIn(ProviderEvent told)
    {
        var charge = new ProviderCharge(
            told.Charge.Id, told.Charge.Reference, told.Charge.Amount, told.Charge.AmountRefunded, told.Charge.Status, told.Charge.DeclineReason);
        return told.Type switch
        {
            "charge.succeeded" or "charge.declined" => charge.ToAnswer(),
            "charge.refunded" => charge.ToRefundAnswer(),
            _ => null,
        };
    }
}
