namespace Aspire.Hosting.ApplicationModel;

/// <summary>One command of a resource.</summary>
/// <param name="Name">The name.</param>
/// <param name="State">Whether it can be used.</param>
/// <param name="DisplayName">The text.</param>
/// <param name="DisplayDescription">What it does.</param>
/// <param name="Parameter">A value that is handed to it.</param>
/// <param name="ConfirmationMessage">What is asked before it runs.</param>
/// <param name="IconName">A Fluent UI icon.</param>
/// <param name="IconVariant">Its face.</param>
/// <param name="IsHighlighted">Whether it stands outside of the menu.</param>
public sealed record ResourceCommandSnapshot(
    string Name,
    ResourceCommandState State,
    string DisplayName,
    string? DisplayDescription,
    [property: Obsolete("Commands take named arguments.")] object? Parameter,
    string? ConfirmationMessage,
    string? IconName,
    IconVariant? IconVariant,
    bool IsHighlighted)
{
    /// <summary>What it takes.</summary>
    public IReadOnlyList<InteractionInput> Arguments { get; init; } = [];

    /// <summary>Who is offered it.</summary>
    public ResourceCommandVisibility Visibility { get; init; } = ResourceCommandVisibility.UI | ResourceCommandVisibility.Api;
}
