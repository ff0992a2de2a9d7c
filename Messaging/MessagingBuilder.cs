using Microsoft.Extensions.DependencyInjection;
using Trellis.Messaging.Registration;

namespace Trellis.Messaging;

/// <summary>Names what a service publishes and handles.</summary>
public sealed class MessagingBuilder
{
    private readonly IServiceCollection _services;

    internal MessagingBuilder(IServiceCollection services) => _services = services;

    internal MessageRegistry Registry { get; } = new();

    internal string ConnectionName { get; private set; } = "broker";

    internal Action<MessagingOptions>? Settings { get; private set; }

    /// <summary>Lets the service publish a type of message.</summary>
    /// <typeparam name="TMessage">A record with a constant <c>MessageType</c>, its CloudEvents type.</typeparam>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">The record has no such constant, or another has the same.</exception>
    public MessagingBuilder Publish<TMessage>()
        where TMessage : class
    {
        Registry.AddPublished(typeof(TMessage));
        return this;
    }

    /// <summary>Subscribes the service to a type of message. Several handlers of one type run in one transaction, in this order.</summary>
    /// <typeparam name="TMessage">A record with a constant <c>MessageType</c>, its CloudEvents type.</typeparam>
    /// <typeparam name="THandler">The handler; its dependencies come from the scope of the message.</typeparam>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">The record has no such constant, or another has the same.</exception>
    public MessagingBuilder Handle<TMessage, THandler>()
        where TMessage : class
        where THandler : class, IMessageHandler<TMessage>
    {
        _services.AddScoped<THandler>();
        Registry.AddHandler<TMessage>(static (services, message, context, cancellationToken) =>
            services.GetRequiredService<THandler>().HandleAsync((TMessage)message, context, cancellationToken));
        return this;
    }

    /// <summary>Names the broker. Which kind it is, the connection string says, or the setting <c>Messaging:Transport</c>.</summary>
    /// <param name="connectionName">The name of its connection string, by default <c>broker</c>.</param>
    /// <returns>The same builder.</returns>
    public MessagingBuilder UseBroker(string connectionName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionName);
        ConnectionName = connectionName;
        return this;
    }

    /// <summary>Changes settings after configuration was read.</summary>
    /// <param name="settings">Changes them.</param>
    /// <returns>The same builder.</returns>
    public MessagingBuilder Configure(Action<MessagingOptions> settings)
    {
        Settings += settings;
        return this;
    }
}
