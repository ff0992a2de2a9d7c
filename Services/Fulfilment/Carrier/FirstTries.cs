using System.Data.Common;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Shop.Fulfilment.Shipments;

namespace Shop.Fulfilment.Carrier;

/// <summary>The shipments that transactions of this process have taken, as soon as they are committed.</summary>
internal sealed class FirstTries : DbTransactionInterceptor
{
    private readonly Channel<Shipment> _channel = Channel.CreateUnbounded<Shipment>();

    public ChannelReader<Shipment> Reader => _channel.Reader;

    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Look(eventData.Context);

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Look(eventData.Context);
        return Task.CompletedTask;
    }

    private void Look(DbContext? context)
    {
        foreach (var entry in context?.ChangeTracker.Entries<Shipment>() ?? [])
        {
            if (entry.Entity.IsTaken)
            {
                _channel.Writer.TryWrite(entry.Entity);
            }
        }
    }
}
