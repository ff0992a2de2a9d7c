using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a command runs with.</summary>
public sealed class ExecuteCommandContext
{
    /// <summary>The application's services.</summary>
    public required IServiceProvider Services { get; init; }

    /// <summary>The id of the instance; the name for resources that have but one.</summary>
    public required string ResourceName { get; init; }

    /// <summary>The command's arguments with the values for this run; empty for a command that takes none.</summary>
    public required InteractionInputCollection Arguments { get; init; }

    /// <summary>Cancelled when nobody waits for the result any more.</summary>
    public required CancellationToken CancellationToken { get; init; }

    /// <summary>Writes into the instance's log.</summary>
    public required ILogger Logger { get; init; }
}
