namespace Trellis.Messaging.Transport;

/// <summary>
/// A message that the broker has given to this member and that is not completed: in the hands of a handler, waiting for its retry, or for its turn. Everything under the receiver's lock.
/// </summary>
/// <param name="attempts">How often it was handed out before, by others.</param>
/// <param name="message">The message.</param>
internal abstract class HeldMessage(int attempts, TransportMessage message)
{
    private int _attempts = attempts;
    private bool _paused;
    private DateTimeOffset _until;

    public TransportMessage Message { get; } = message;

    /// <summary>Whether a handler has it.</summary>
    public bool InHand { get; private set; }

    /// <summary>Whether it is still this member's.</summary>
    public abstract bool IsHeld { get; }

    /// <summary>Hands out what may be, in order: not what a handler has, nor what waits for its retry, nor later ones of that one's key.</summary>
    /// <param name="messages">All of a partition, in order.</param>
    /// <param name="taken">Gets what is handed out.</param>
    /// <param name="limit">How many there may be in it.</param>
    /// <param name="now">The time.</param>
    /// <param name="lease">How long a handler that says nothing has a message.</param>
    /// <returns>When there is more, unless something happens before.</returns>
    public static DateTimeOffset? Take(IEnumerable<HeldMessage> messages, List<Delivery> taken, int limit, DateTimeOffset now, TimeSpan lease)
    {
        DateTimeOffset? next = null;
        HashSet<string>? held = null;
        foreach (var one in messages)
        {
            if (taken.Count >= limit)
            {
                break;
            }

            if ((one.InHand || one._paused) && one._until > now)
            {
                next = next is null || one._until < next ? one._until : next;
                if (one._paused && one.Message.PartitionKey is { } key)
                {
                    (held ??= []).Add(key);
                }
            }
            else if (one.Message.PartitionKey is not { } other || held?.Contains(other) != true)
            {
                (one.InHand, one._paused, one._until) = (true, false, now + lease);
                taken.Add(new Delivery(one.Message, ++one._attempts, one));
            }
        }

        return next;
    }

    /// <summary>Gives back what handlers have, as though it had not been handed out; it comes again after the pause.</summary>
    public static void Release(IEnumerable<Delivery> deliveries, TimeSpan pause, DateTimeOffset now)
    {
        foreach (var one in deliveries.Select(Of).Where(one => one.InHand))
        {
            one.Pause(pause, now);
            one._attempts--;
        }
    }

    /// <summary>Leaves messages to their handlers for another lease.</summary>
    /// <returns>Those that are no longer theirs.</returns>
    public static IReadOnlyList<Delivery> Renew(IEnumerable<Delivery> deliveries, DateTimeOffset now, TimeSpan lease)
    {
        List<Delivery> lost = [];
        foreach (var delivery in deliveries)
        {
            if (Of(delivery) is { InHand: true, IsHeld: true } one)
            {
                one._until = now + lease;
            }
            else
            {
                lost.Add(delivery);
            }
        }

        return lost;
    }

    /// <summary>The handler has it no more; it comes again after the pause, and later ones of its key after it.</summary>
    public void Pause(TimeSpan pause, DateTimeOffset now) => (InHand, _paused, _until) = (false, pause > TimeSpan.Zero, now + pause);

    private static HeldMessage Of(Delivery delivery) => (HeldMessage)delivery.Receipt;
}
