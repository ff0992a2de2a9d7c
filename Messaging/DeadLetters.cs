using Trellis.Messaging.Transport;

namespace Trellis.Messaging;

/// <inheritdoc />
internal sealed class DeadLetters(IMessageTransport transport, MessagingIdentity identity) : IDeadLetters
{
    /// <inheritdoc />
    public Task<IReadOnlyList<DeadLetter>> ReadAsync(int limit = 100, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return transport.ReadDeadLettersAsync(identity.Group, limit, cancellationToken);
    }

    /// <inheritdoc />
    public Task<int> RedriveAsync(IReadOnlyCollection<Guid>? messageIds = null, CancellationToken cancellationToken = default)
        => transport.RedriveAsync(identity.Group, messageIds, cancellationToken);
}
