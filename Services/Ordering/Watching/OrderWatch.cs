using System.Net.WebSockets;
using System.Text.Json;
using Shop.Ordering.Reading;

namespace Shop.Ordering.Watching;

/// <summary>
/// Sends an order's statuses over a WebSocket: first the current one, or all after the one that the watcher has seen, then each that follows. It ends with a close
/// frame: 1000 after the last status, 1001 when the service stops and the watcher should come back.
/// </summary>
internal sealed class OrderWatch(IHostApplicationLifetime lifetime)
{
    /// <summary>For how long a watcher who does not answer the close frame is waited for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Sends until the order, the watcher or the service comes to an end.</summary>
    /// <param name="socket">Where to; the caller disposes it.</param>
    /// <param name="row">The order, read after it was subscribed to: what changed in between would be told by nobody.</param>
    /// <param name="subscription">Tells what it becomes.</param>
    /// <param name="after">The number of the last status that the watcher has seen; null for none.</param>
    /// <param name="gone">The watcher has left.</param>
    public async Task RunAsync(WebSocket socket, OrderRow row, OrderSubscription subscription, int? after, CancellationToken gone)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(gone, lifetime.ApplicationStopping);
        var hangUp = ListenAsync(socket, stop);
        try
        {
            var current = row;
            var statuses = row.Read().Timeline.Count;
            var sent = Math.Min(after ?? statuses - 1, statuses);
            while (true)
            {
                var (count, final) = await SendAsync(socket, current, sent, stop.Token);
                sent = count;
                if (final)
                {
                    await CloseAsync(socket, WebSocketCloseStatus.NormalClosure, "The order has come to its end.");
                    return;
                }

                current = await subscription.NextAsync(stop.Token);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or WebSocketException)
        {
            await CloseAsync(socket, WebSocketCloseStatus.EndpointUnavailable, "The service stops. Come back in a moment.");
        }
        finally
        {
            await HangUpAsync(socket, hangUp);
        }
    }

    private static async Task<(int Sent, bool Final)> SendAsync(WebSocket socket, OrderRow row, int sent, CancellationToken cancellationToken)
    {
        var order = row.Read();
        for (; sent < order.Timeline.Count; sent++)
        {
            var isNewest = sent == order.Timeline.Count - 1;
            var change = order.Timeline[sent];
            var message = new WatchedStatus(order.Id, sent + 1, change.Status, change.At, isNewest ? order.Reason : null);
            await socket.SendAsync(
                JsonSerializer.SerializeToUtf8Bytes(message, JsonSerializerOptions.Web), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        }

        return (sent, order.Status is Orders.OrderStatus.Completed or Orders.OrderStatus.Rejected or Orders.OrderStatus.Cancelled);
    }

    /// <summary>Takes what the watcher sends, which says nothing, until it hangs up: only whoever reads sees pongs and the close frame.</summary>
    private static async Task ListenAsync(WebSocket socket, CancellationTokenSource stop)
    {
        var buffer = new byte[256];
        try
        {
            while ((await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None)).MessageType != WebSocketMessageType.Close)
            {
                // Nothing that a watcher says means anything.
            }
        }
        catch (Exception end) when (end is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // It has left without a word.
        }

        await stop.CancelAsync();
    }

    private static async Task CloseAsync(WebSocket socket, WebSocketCloseStatus status, string description)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await socket.CloseOutputAsync(status, description, patience.Token);
            }
        }
        catch (Exception end) when (end is WebSocketException or OperationCanceledException)
        {
            socket.Abort();
        }
    }

    /// <summary>Waits for the other side's close frame, which ends the listening; a watcher that sends none is cut off.</summary>
    private static async Task HangUpAsync(WebSocket socket, Task hangUp)
    {
        try
        {
            await hangUp.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            socket.Abort();
            await hangUp;
        }
    }
}
