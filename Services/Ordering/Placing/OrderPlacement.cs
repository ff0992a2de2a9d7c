using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shop.Ordering.Data;
using Shop.Ordering.Orders;
using Shop.Ordering.Reading;
using Shop.Ordering.Saga;
using Shop.Ordering.Watching;
using Trellis.Messaging;
using Trellis.ServiceDefaults.Idempotency;

namespace Shop.Ordering.Placing;

/// <summary>Places an order in the transaction that holds its idempotency key: both are there, with the first messages, or none.</summary>
internal sealed class OrderPlacement(OrderingDbContext database, Basket basket, OrderProcess process, IOutboxSignal outbox, CommittedOrders committed)
{
    public async Task<(AcceptedOrder? Order, ProblemHttpResult? Problem)> PlaceAsync(
        OrderDraft draft, string customer, IdempotentRequest request, HttpResponse response, CancellationToken cancellationToken)
    {
        var (lines, problem) = await basket.PriceAsync(draft, cancellationToken);
        if (problem is not null)
        {
            return (null, problem);
        }

        var order = await new OneAttempt(database).ExecuteAsync(
            (draft, customer, lines, request),
            (_, work, token) => WriteAsync(work.draft, work.customer, work.lines, work.request, token),
            verifySucceeded: null,
            cancellationToken);

        // Who commits is not EF Core, so nobody hears of it but the end of the answer.
        var row = OrderRow.Of(order);
        response.OnCompleted(() =>
        {
            outbox.Committed();
            committed.Announce(row);
            return Task.CompletedTask;
        });
        return (new AcceptedOrder(order.Id, order.Status), null);
    }

    private async Task<OrderState> WriteAsync(
        OrderDraft draft, string customer, IReadOnlyList<OrderedLine> lines, IdempotentRequest request, CancellationToken cancellationToken)
    {
        database.Database.SetDbConnection(request.Connection);
        await database.Database.UseTransactionAsync(request.Transaction, cancellationToken);

        // Whatever fails, fails the whole transaction: nobody goes back to a savepoint.
        database.Database.AutoSavepointsEnabled = false;
        var order = await process.BeginAsync(
            Guid.CreateVersion7(),
            clock => new OrderPlaced(customer, lines, Basket.TotalOf(lines), draft.ShippingAddress!.ToAddress(), draft.PaymentToken!, clock.Now + clock.Stock),
            cancellationToken);
        await database.SaveChangesAsync(cancellationToken);
        return order;
    }
}
