namespace Trellis.Messaging.Outbox;

/// <summary>Wakes the relay of this process, and tells it where there is something to send, as far as that is known.</summary>
internal sealed class OutboxWake : IOutboxSignal
{
    /// <summary>Beside the bits of partitions: something was committed, and it is not known where.</summary>
    private const int Somewhere = 1 << 30;

    private readonly AsyncSignal _signal = new();
    private int _where;

    /// <inheritdoc />
    public void Committed() => Committed(Somewhere);

    /// <summary>Rows that are due were committed in this process.</summary>
    /// <param name="partitions">A bit for each partition.</param>
    public void Committed(int partitions)
    {
        Interlocked.Or(ref _where, partitions);
        _signal.Set();
    }

    /// <summary>Waits for a signal, for some time at most.</summary>
    public Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken) => _signal.WaitAsync(atMost, time, cancellationToken);

    /// <summary>Where there is something to send, by all that was committed since the last call.</summary>
    /// <returns>Null when it is not known.</returns>
    public short[]? Take()
    {
        var where = Interlocked.Exchange(ref _where, 0);
        return where is 0 || (where & Somewhere) != 0
            ? null
            : [.. Enumerable.Range(0, OutboxMessage.Partitions).Where(partition => (where & (1 << partition)) != 0).Select(partition => (short)partition)];
    }
}
