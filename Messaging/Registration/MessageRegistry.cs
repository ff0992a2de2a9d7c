namespace Trellis.Messaging.Registration;

/// <summary>The messages that this service publishes and handles.</summary>
internal sealed class MessageRegistry
{
    private readonly Dictionary<Type, string> _published = [];
    private readonly Dictionary<string, HandledMessage> _handled = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> HandledTypes => _handled.Keys;

    public IEnumerable<NamedMessage> Published => _published.Select(message => new NamedMessage(message.Value, message.Key));

    public IEnumerable<NamedMessage> Handled => _handled.Select(message => new NamedMessage(message.Key, message.Value.Type));

    public void AddPublished(Type type)
    {
        var name = MessageTypeName.Of(type);
        if (_published.FirstOrDefault(known => known.Value == name) is { Key: { } other } && other != type)
        {
            throw new InvalidOperationException($"{type.FullName} and {other.FullName} have the same MessageType '{name}'.");
        }

        _published[type] = name;
    }

    public void AddHandler<TMessage>(HandlerCall call)
        where TMessage : class
    {
        var name = MessageTypeName.Of(typeof(TMessage));
        if (!_handled.TryGetValue(name, out var handled))
        {
            _handled[name] = handled = new HandledMessage(typeof(TMessage), []);
        }
        else if (handled.Type != typeof(TMessage))
        {
            throw new InvalidOperationException($"{typeof(TMessage).FullName} and {handled.Type.FullName} have the same MessageType '{name}'.");
        }

        handled.Handlers.Add(call);
    }

    public string PublishedName(Type type) => _published.TryGetValue(type, out var name)
        ? name
        : throw new InvalidOperationException($"{type.FullName} is not published by this service: name it with Publish<{type.Name}>() in AddMessaging.");

    public HandledMessage? FindHandled(string type) => _handled.GetValueOrDefault(type);

    /// <summary>Calls one handler, from a scope.</summary>
    internal delegate Task HandlerCall(IServiceProvider services, object message, MessageContext context, CancellationToken cancellationToken);

    internal sealed record HandledMessage(Type Type, List<HandlerCall> Handlers);
}
