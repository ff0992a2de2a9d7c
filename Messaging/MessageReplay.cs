using Trellis.Messaging.Registration;
using Trellis.Messaging.Transport;

namespace Trellis.Messaging;

/// <inheritdoc />
internal sealed class MessageReplay(IMessageTransport transport, MessagingIdentity identity, MessageRegistry registry) : IMessageReplay
{
    /// <inheritdoc />
    public Task<int> ReplayAsync(string type, ReplayStart start, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(start);
        return registry.FindHandled(type) is not null
            ? transport.ReplayAsync(identity.Group, type, start, cancellationToken)
            : throw new ArgumentException($"This service does not handle '{type}'.", nameof(type));
    }
}
