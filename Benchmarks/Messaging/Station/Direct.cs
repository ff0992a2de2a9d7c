using System.Text.Json;
using Trellis.Messaging.Transport;

namespace Trellis.Benchmarks.Messaging.Station;

/// <summary>The broker alone: each parcel is published and confirmed, received and acknowledged, and no database is written.</summary>
internal static class Direct
{
    public static Task SendAsync(IMessageTransport transport, Parcel parcel, string key)
    {
        var id = Guid.CreateVersion7();
        var headers = new Dictionary<string, string> { ["specversion"] = "1.0", ["id"] = id.ToString(), ["source"] = "/station", ["type"] = Parcel.MessageType };
        return transport.PublishAsync(
            [new TransportMessage(id, Parcel.MessageType, key, headers, JsonSerializer.SerializeToUtf8Bytes(parcel, JsonSerializerOptions.Web))], CancellationToken.None);
    }

    /// <summary>From here on what is sent is kept for this receiver.</summary>
    public static Task<IMessageReceiver> SubscribeAsync(IMessageTransport transport) => transport.SubscribeAsync("direct", [Parcel.MessageType], CancellationToken.None);

    public static async Task ReceiveAsync(IMessageReceiver receiver, Times times)
    {
        await using var subscription = receiver;
        while (!times.AllNoted)
        {
            var deliveries = await receiver.ReceiveAsync(256, CancellationToken.None);
            await receiver.CompleteAsync(deliveries, CancellationToken.None);
            foreach (var delivery in deliveries)
            {
                times.Note(JsonSerializer.Deserialize<Parcel>(delivery.Message.Body, JsonSerializerOptions.Web)!.Number);
            }
        }
    }
}
