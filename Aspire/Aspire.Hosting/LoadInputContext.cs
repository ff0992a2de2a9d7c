namespace Aspire.Hosting;

/// <summary>What a field is filled with.</summary>
public sealed class LoadInputContext
{
    /// <summary>The field.</summary>
    public required InteractionInput Input { get; init; }

    /// <summary>All fields of the dialog.</summary>
    public required InteractionInputCollection AllInputs { get; init; }

    /// <summary>The application's services.</summary>
    public required IServiceProvider Services { get; init; }

    /// <summary>Cancelled when the dialog is over, or when a field on which this one depends has changed again.</summary>
    public required CancellationToken CancellationToken { get; init; }
}
