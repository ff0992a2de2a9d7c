using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a callback that adds arguments sees.</summary>
public sealed class CommandLineArgsCallbackContext
{
    private readonly IResource? _resource;

    /// <summary>Creates the context of a resource.</summary>
    public CommandLineArgsCallbackContext(IList<object> args, IResource resource, CancellationToken cancellationToken = default)
    {
        Args = args;
        _resource = resource;
        CancellationToken = cancellationToken;
    }

    /// <summary>The arguments so far: strings, or values that are known later (<see cref="IValueProvider"/>).</summary>
    public IList<object> Args { get; }

    /// <summary>The resource.</summary>
    public IResource Resource => _resource ?? throw new InvalidOperationException("Resource is not set. This callback context is not associated with a resource.");

    /// <summary>Running or publishing.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; init; } = new(DistributedApplicationOperation.Run);

    /// <summary>Writes to the resource's log.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Cancelled when the application stops.</summary>
    public CancellationToken CancellationToken { get; }
}
