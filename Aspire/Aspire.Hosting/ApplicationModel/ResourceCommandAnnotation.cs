namespace Aspire.Hosting.ApplicationModel;

/// <summary>A command that a resource offers to its users.</summary>
public sealed class ResourceCommandAnnotation : IResourceAnnotation
{
    internal ResourceCommandAnnotation(
        string name,
        string displayName,
        Func<UpdateCommandStateContext, ResourceCommandState> updateState,
        Func<ExecuteCommandContext, Task<ExecuteCommandResult>> executeCommand,
        CommandOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(displayName);
        ArgumentNullException.ThrowIfNull(executeCommand);
        Name = name;
        DisplayName = displayName;
        UpdateState = updateState;
        ExecuteCommand = executeCommand;
        DisplayDescription = options.Description;
        ConfirmationMessage = options.ConfirmationMessage;
        IconName = options.IconName;
        IconVariant = options.IconVariant;
        IsHighlighted = options.IsHighlighted;
        Visibility = options.Visibility;
    }

    /// <summary>The name, unique within the resource.</summary>
    public string Name { get; }

    /// <summary>The text.</summary>
    public string DisplayName { get; }

    /// <summary>Says from a state of the resource whether the command can be used; asked at every change, so it must be quick.</summary>
    public Func<UpdateCommandStateContext, ResourceCommandState> UpdateState { get; }

    /// <summary>Runs the command for one instance.</summary>
    public Func<ExecuteCommandContext, Task<ExecuteCommandResult>> ExecuteCommand { get; }

    /// <summary>What it does.</summary>
    public string? DisplayDescription { get; }

    /// <summary>What is asked before it runs.</summary>
    public string? ConfirmationMessage { get; }

    /// <summary>A Fluent UI icon.</summary>
    public string? IconName { get; }

    /// <summary>The icon's face.</summary>
    public IconVariant? IconVariant { get; }

    /// <summary>Whether it stands outside of the menu.</summary>
    public bool IsHighlighted { get; }

    /// <summary>Who is offered it.</summary>
    public ResourceCommandVisibility Visibility { get; }
}
