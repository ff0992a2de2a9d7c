namespace Aspire.Hosting.Interactions;

/// <summary>What a dashboard or the CLI says to a question.</summary>
internal abstract record InteractionAnswer
{
    private InteractionAnswer()
    {
    }

    /// <summary>It was closed without an answer.</summary>
    public sealed record Dismissed : InteractionAnswer;

    /// <summary>A button of a message was pressed.</summary>
    /// <param name="Value">Whether it was the first.</param>
    public sealed record Decision(bool Value) : InteractionAnswer;

    /// <summary>A dialog was sent, or a field changed on which others depend.</summary>
    /// <param name="Inputs">The values by the names of the fields; fields that the dialog does not have are passed over.</param>
    /// <param name="IsChange">Whether the dialog stays open.</param>
    public sealed record Values(IReadOnlyList<KeyValuePair<string, string?>> Inputs, bool IsChange) : InteractionAnswer;
}
