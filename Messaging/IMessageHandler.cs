namespace Trellis.Messaging;

/// <summary>Handles one type of message. One instance a message, from a scope of its own.</summary>
/// <typeparam name="TMessage">The record, from its owner's <c>Contract/</c>.</typeparam>
public interface IMessageHandler<in TMessage>
    where TMessage : class
{
    /// <summary>
    /// Does the work, inside a transaction of the scope's DbContext that also holds the inbox row. The transaction is saved and committed
    /// when the handler returns; when it throws, everything is rolled back and the message comes again.
    /// </summary>
    /// <param name="message">The content.</param>
    /// <param name="context">What is known about the message.</param>
    /// <param name="cancellationToken">Cancelled when the service stops and the time for finishing is over.</param>
    /// <returns>A task that is done when the handler is.</returns>
    Task HandleAsync(TMessage message, MessageContext context, CancellationToken cancellationToken);
}
