namespace Aspire.Hosting.ApplicationModel;

/// <summary>How a command ended.</summary>
public sealed class ExecuteCommandResult
{
    /// <summary>Whether it did what it was to do.</summary>
    public required bool Success { get; init; }

    /// <summary>Whether its user called it off; it is no success then, and no failure to tell of.</summary>
    public bool Canceled { get; init; }

    /// <summary>What is told to the user.</summary>
    public string? Message { get; init; }

    /// <summary>What it produced.</summary>
    public CommandResultData? Data { get; init; }

    /// <summary>The arguments, when the command was not run because of them; each says what is wrong with it.</summary>
    internal InteractionInputCollection? InvalidArguments { get; init; }
}
