namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a callback that adds options for the container engine works on.</summary>
/// <param name="args">The options so far: text, or values that are known at run time only.</param>
/// <param name="cancellationToken">Ends the callback.</param>
public sealed class ContainerRuntimeArgsCallbackContext(IList<object> args, CancellationToken cancellationToken = default)
{
    /// <summary>The options so far: text, or values that are known at run time only.</summary>
    public IList<object> Args { get; } = args ?? throw new ArgumentNullException(nameof(args));

    /// <summary>Ends the callback.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;
}
