namespace Trellis.Messaging;

/// <summary>The dead letters of this service.</summary>
public interface IDeadLetters
{
    /// <summary>Reads the oldest.</summary>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The oldest first.</returns>
    Task<IReadOnlyList<DeadLetter>> ReadAsync(int limit = 100, CancellationToken cancellationToken = default);

    /// <summary>Puts dead letters back into the queue, behind what waits there, with no attempts counted.</summary>
    /// <param name="messageIds">Which; null is all.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>How many were put back.</returns>
    Task<int> RedriveAsync(IReadOnlyCollection<Guid>? messageIds = null, CancellationToken cancellationToken = default);
}
