namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a command produced.</summary>
public sealed class CommandResultData
{
    /// <summary>The text.</summary>
    public required string Value { get; init; }

    /// <summary>What the text is.</summary>
    public CommandResultFormat Format { get; init; }

    /// <summary>Whether the dashboard opens it without being asked.</summary>
    public bool DisplayImmediately { get; init; }
}
