namespace Aspire.Hosting.ApplicationModel;

/// <summary>How a command looks, and when it can be used.</summary>
public class CommandOptions
{
    internal static readonly CommandOptions Default = new();

    /// <summary>What it does.</summary>
    public string? Description { get; set; }

    /// <summary>What is asked before it runs; nothing when null.</summary>
    public string? ConfirmationMessage { get; set; }

    /// <summary>What the command takes: the dashboard asks for it in a dialog, the aspire CLI takes an option for each.</summary>
    public IReadOnlyList<InteractionInput> Arguments { get; set; } = [];

    /// <summary>Checks the arguments when each is valid by itself; the command does not run when it says that one is wrong.</summary>
    public Func<InputsDialogValidationContext, Task>? ValidateArguments { get; set; }

    /// <summary>A Fluent UI icon.</summary>
    public string? IconName { get; set; }

    /// <summary>The icon's face; regular when null.</summary>
    public IconVariant? IconVariant { get; set; }

    /// <summary>Whether it stands outside of the menu.</summary>
    public bool IsHighlighted { get; set; }

    /// <summary>Who is offered it.</summary>
    public ResourceCommandVisibility Visibility { get; set; } = ResourceCommandVisibility.UI | ResourceCommandVisibility.Api;

    /// <summary>Says from a state of the resource whether the command can be used; always when null. Asked at every change, so it must be quick.</summary>
    public Func<UpdateCommandStateContext, ResourceCommandState>? UpdateState { get; set; }
}
