namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value that is given from outside: by configuration, by the person who deploys, or generated.</summary>
public class ParameterResource : Resource, IExpressionValue
{
    private readonly Lazy<string> _value;
    private volatile TaskCompletionSource<string>? _asked;

    /// <summary>Creates the parameter.</summary>
    /// <param name="name">The name.</param>
    /// <param name="callback">Finds the value, given the default.</param>
    /// <param name="secret">Whether the value must not be shown.</param>
    public ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(callback);
        _value = new Lazy<string>(() => callback(Default));
        Secret = secret;
    }

    /// <summary>Whether the value must not be shown.</summary>
    public bool Secret { get; }

    /// <summary>Whether the value is a connection string.</summary>
    public bool IsConnectionString { get; set; }

    /// <summary>Where the value comes from when nobody gives one.</summary>
    public ParameterDefault? Default { get; set; }

    /// <summary>What the parameter is for.</summary>
    public string? Description { get; set; }

    /// <summary>Whether the description is Markdown.</summary>
    public bool EnableDescriptionMarkdown { get; set; }

    /// <summary>The expression of the manifest.</summary>
    public string ValueExpression => $"{{{Name}.value}}";

    /// <summary>The setting that holds the value, where it is not the one that the name says.</summary>
    internal string? SourceKey { get; init; }

    internal string ConfigurationKey => SourceKey ?? (IsConnectionString ? $"ConnectionStrings:{Name}" : $"Parameters:{Name}");

    internal string Value => _asked?.Task is { IsCompletedSuccessfully: true } given ? given.Result : _value.Value;

    /// <summary>Whether a person has been asked for the value and has not answered yet.</summary>
    internal bool IsAwaited => _asked is { Task.IsCompleted: false };

    /// <summary>The value; where a person is asked for it, waits for the answer.</summary>
    /// <exception cref="MissingParameterValueException">Nobody gives one.</exception>
    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken)
        => _asked is { } asked ? await asked.Task.WaitAsync(cancellationToken).ConfigureAwait(false) : Value;

    /// <summary>From now on who needs the value waits for <see cref="Give"/>.</summary>
    internal void Await() => _asked = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Sets the value, for those who wait for it and those who ask for it later.</summary>
    internal void Give(string value)
    {
        if (_asked?.TrySetResult(value) != true)
        {
            var given = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            given.SetResult(value);
            _asked = given;
        }
    }

    /// <summary>Nobody will give the value: who waits for it fails as if it had never been asked for.</summary>
    internal void StopWaiting(MissingParameterValueException reason) => _asked!.TrySetException(reason);
}
