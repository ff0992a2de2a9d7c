namespace Aspire.Hosting.ApplicationModel;

/// <summary>A command that a resource offers to its users.</summary>
public sealed class ResourceCommandAnnotation : IResourceAnnotation
{
    /// <summary>Creates the command.</summary>
    /// <param name="name">The name, unique within the resource.</param>
    /// <param name="displayName">The text.</param>
    /// <param name="updateState">Says from a state of the resource whether the command can be used.</param>
    /// <param name="executeCommand">Runs the command for one instance.</param>
    /// <param name="displayDescription">What it does.</param>
    /// <param name="arguments">What it takes; nothing when null.</param>
    /// <param name="confirmationMessage">What is asked before it runs.</param>
    /// <param name="iconName">A Fluent UI icon.</param>
    /// <param name="iconVariant">The icon's face.</param>
    /// <param name="isHighlighted">Whether it stands outside of the menu.</param>
    /// <param name="visibility">Who is offered it.</param>
    /// <param name="validateArguments">Checks the arguments when each is valid by itself.</param>
    /// <exception cref="InvalidOperationException">Two arguments have one name.</exception>
    public ResourceCommandAnnotation(
        string name,
        string displayName,
        Func<UpdateCommandStateContext, ResourceCommandState> updateState,
        Func<ExecuteCommandContext, Task<ExecuteCommandResult>> executeCommand,
        string? displayDescription,
        IReadOnlyList<InteractionInput>? arguments,
        string? confirmationMessage,
        string? iconName,
        IconVariant? iconVariant,
        bool isHighlighted,
        ResourceCommandVisibility visibility = ResourceCommandVisibility.UI | ResourceCommandVisibility.Api,
        Func<InputsDialogValidationContext, Task>? validateArguments = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(displayName);
        ArgumentNullException.ThrowIfNull(executeCommand);
        Name = name;
        DisplayName = displayName;
        UpdateState = updateState;
        ExecuteCommand = executeCommand;
        DisplayDescription = displayDescription;
        Arguments = new InteractionInputCollection(arguments ?? []);
        ConfirmationMessage = confirmationMessage;
        IconName = iconName;
        IconVariant = iconVariant;
        IsHighlighted = isHighlighted;
        Visibility = visibility;
        ValidateArguments = validateArguments;
    }

    internal ResourceCommandAnnotation(
        string name,
        string displayName,
        Func<UpdateCommandStateContext, ResourceCommandState> updateState,
        Func<ExecuteCommandContext, Task<ExecuteCommandResult>> executeCommand,
        CommandOptions options)
        : this(
            name, displayName, updateState, executeCommand, options.Description, options.Arguments, options.ConfirmationMessage,
            options.IconName, options.IconVariant, options.IsHighlighted, options.Visibility, options.ValidateArguments)
    {
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

    /// <summary>What it takes.</summary>
    public IReadOnlyList<InteractionInput> Arguments { get; }

    /// <summary>Checks the arguments when each is valid by itself.</summary>
    public Func<InputsDialogValidationContext, Task>? ValidateArguments { get; }

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
