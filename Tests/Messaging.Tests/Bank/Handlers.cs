using Microsoft.EntityFrameworkCore;

namespace Trellis.Messaging.Tests.Bank;

/// <summary>Moves the money, notes it, and says so; notes a message that comes out of its turn.</summary>
internal sealed class TransferOrderedHandler(LedgerContext database, IMessagePublisher publisher) : IMessageHandler<TransferOrdered>
{
    public async Task HandleAsync(TransferOrdered message, MessageContext context, CancellationToken cancellationToken)
    {
        // In one order, so that two handlers do not wait for each other.
        foreach (var (account, change) in new[] { (message.From, -message.Amount), (message.To, message.Amount) }.OrderBy(one => one.Item1))
        {
            await database.Database.ExecuteSqlAsync($"UPDATE accounts SET \"Balance\" = \"Balance\" + {change} WHERE \"Id\" = {account}", cancellationToken);
        }

        if (await database.Database.ExecuteSqlAsync(
            $"UPDATE accounts SET \"LastNumber\" = {message.Number} WHERE \"Id\" = {message.From} AND \"LastNumber\" = {message.Number - 1}", cancellationToken) == 0)
        {
            database.Add(new Violation { Text = $"order {message}" });
        }

        database.Add(new Entry { TransferId = message.TransferId, Amount = message.Amount });
        await publisher.PublishAsync(
            new TransferBooked(message.TransferId, message.From, message.Number), new PublishOptions { PartitionKey = $"{message.From}" }, cancellationToken);
    }
}

/// <summary>Notes that a transfer was made.</summary>
internal sealed class TransferBookedHandler(TellerContext database) : IMessageHandler<TransferBooked>
{
    public async Task HandleAsync(TransferBooked message, MessageContext context, CancellationToken cancellationToken)
    {
        if (await database.Database.ExecuteSqlAsync(
            $"UPDATE sequences SET \"Booked\" = {message.Number} WHERE \"Account\" = {message.From} AND \"Booked\" = {message.Number - 1}", cancellationToken) == 0)
        {
            database.Add(new Violation { Text = $"booking {message}" });
        }

        database.Add(new Booking { TransferId = message.TransferId });
    }
}
