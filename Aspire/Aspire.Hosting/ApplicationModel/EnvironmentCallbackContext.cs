using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a callback that sets environment variables sees.</summary>
public class EnvironmentCallbackContext
{
    private readonly IResource? _resource;

    /// <summary>Creates the context of a resource.</summary>
    public EnvironmentCallbackContext(
        DistributedApplicationExecutionContext executionContext,
        IResource resource,
        Dictionary<string, object>? environmentVariables = null,
        CancellationToken cancellationToken = default)
    {
        ExecutionContext = executionContext;
        _resource = resource;
        EnvironmentVariables = environmentVariables ?? [];
        CancellationToken = cancellationToken;
    }

    /// <summary>The variables so far: strings, or values that are known later (<see cref="IValueProvider"/>).</summary>
    public Dictionary<string, object> EnvironmentVariables { get; }

    /// <summary>Running or publishing.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <summary>The resource.</summary>
    public IResource Resource => _resource ?? throw new InvalidOperationException("Resource is not set. This callback context is not associated with a resource.");

    /// <summary>Writes to the resource's log.</summary>
    public ILogger Logger { get; set; } = NullLogger.Instance;

    /// <summary>Cancelled when the application stops.</summary>
    public CancellationToken CancellationToken { get; }
}
