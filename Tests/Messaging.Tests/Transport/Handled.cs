using Trellis.Messaging.Transport;

namespace Trellis.Messaging.Tests.Transport;

/// <summary>What members handled, in order or not. A duplicate of what was handled is none of its faults.</summary>
internal sealed class Handled(int count)
{
    private readonly Dictionary<string, int> _next = [];
    private int _left = count;

    public List<string> Faults { get; } = [];

    public bool IsDone => Volatile.Read(ref _left) == 0;

    public async Task ReceiveAsync(IMessageReceiver member, int most)
    {
        for (var received = 0; received < most && !IsDone;)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
            try
            {
                var deliveries = await member.ReceiveAsync(10, patience.Token);
                received += deliveries.Count;
                foreach (var delivery in deliveries)
                {
                    Note(delivery.Message);
                    await member.CompleteAsync([delivery], default);
                }
            }
            catch (OperationCanceledException)
            {
                // Another has them.
            }
        }
    }

    private void Note(TransportMessage message)
    {
        lock (_next)
        {
            var expected = _next.GetValueOrDefault(message.PartitionKey!);
            if (message.Body[0] == expected)
            {
                _next[message.PartitionKey!] = expected + 1;
                Interlocked.Decrement(ref _left);
            }
            else if (message.Body[0] > expected)
            {
                Faults.Add($"key {message.PartitionKey}: {message.Body[0]} instead of {expected}");
            }
        }
    }
}
