namespace Trellis.Messaging;

/// <summary>Publishes messages as part of the service's own unit of work.</summary>
/// <remarks>
/// Nothing leaves the process here: the message is a row that is written by the next <c>SaveChanges</c> of the same scope's DbContext, in
/// its transaction. What is rolled back is never sent; what is committed is sent at least once, and takes effect once where it is handled
/// through <see cref="IMessageHandler{TMessage}"/>.
/// </remarks>
public interface IMessagePublisher
{
    /// <summary>Adds a message to the unit of work.</summary>
    /// <typeparam name="TMessage">A record named in <see cref="MessagingBuilder.Publish{TMessage}"/>.</typeparam>
    /// <param name="message">What happened, or what is to be done.</param>
    /// <param name="options">Key, time of delivery, correlation; the defaults are right for an event that stands alone.</param>
    /// <param name="cancellationToken">Ends the call before the message is added.</param>
    /// <returns>A task that is done when the message is part of the unit of work, which is before it is committed.</returns>
    /// <exception cref="InvalidOperationException">The type was not named at registration.</exception>
    /// <exception cref="MessageTooLargeException">The message is larger than <see cref="MessagingOptions.MaxMessageBytes"/>.</exception>
    Task PublishAsync<TMessage>(TMessage message, PublishOptions? options = null, CancellationToken cancellationToken = default)
        where TMessage : class;
}
