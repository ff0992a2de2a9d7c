namespace Trellis.Messaging.Outbox;

internal sealed class OutboxSignal(AsyncSignal committed) : IOutboxSignal
{
    public void Committed() => committed.Set();
}
