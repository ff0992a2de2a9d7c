using Trellis.Messaging;

namespace Trellis.Benchmarks.Messaging.Station;

/// <summary>Notes a parcel that came in.</summary>
internal sealed class Arrival(StationContext database, Times times) : IMessageHandler<Parcel>
{
    public Task HandleAsync(Parcel message, MessageContext context, CancellationToken cancellationToken)
    {
        times.Note(message.Number);
        database.Add(new Note { Number = message.Number, Address = message.Address });
        return Task.CompletedTask;
    }
}
