using System.Diagnostics;
using Aspire.Hosting.Interactions;

namespace Aspire.Hosting;

/// <summary>A field of a dialog.</summary>
[DebuggerDisplay("Name = {Name}, InputType = {InputType}, Required = {Required}")]
public sealed class InteractionInput
{
    /// <summary>The name by which code finds the field; upper and lower case are the same.</summary>
    public required string Name { get; init; }

    /// <summary>The name that is shown; <see cref="Name"/> when null or blank.</summary>
    public string? Label { get; init; }

    /// <summary>What the field is for.</summary>
    public string? Description { get; init; }

    /// <summary>Whether <see cref="Description"/> is Markdown.</summary>
    public bool EnableDescriptionMarkdown { get; init; }

    /// <summary>What can be put in.</summary>
    public required InputType InputType { get; init; }

    /// <summary>Whether it must not stay empty.</summary>
    public bool Required { get; init; }

    /// <summary>The values of a choice, each with the text that is shown for it.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? Options { get; set; }

    /// <summary>Fills the field, or its choices, while the dialog is shown.</summary>
    public InputLoadOptions? DynamicLoading { get; init; }

    /// <summary>The value: first what the field begins with, then what was put in.</summary>
    public string? Value { get; set; }

    /// <summary>What the empty field shows.</summary>
    public string? Placeholder { get; init; }

    /// <summary>Whether a choice takes other values too.</summary>
    public bool AllowCustomChoice { get; init; }

    /// <summary>Whether the field is shown but takes nothing.</summary>
    public bool Disabled { get; set; }

    /// <summary>How many characters a text may have; 8000 when null.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not positive.</exception>
    public int? MaxLength
    {
        get;
        init
        {
            if (value is { } length)
            {
                ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
            }

            field = value;
        }
    }

    internal string ShownLabel => string.IsNullOrWhiteSpace(Label) ? Name : Label;

    /// <summary>What was wrong with the value when the dialog was last sent.</summary>
    internal List<string> ValidationErrors { get; } = [];

    internal InputLoading? Loading { get; set; }

    /// <summary>The same field, whose value and choices change by themselves.</summary>
    internal InteractionInput Copy() => new()
    {
        Name = Name,
        Label = Label,
        Description = Description,
        EnableDescriptionMarkdown = EnableDescriptionMarkdown,
        InputType = InputType,
        Required = Required,
        Options = Options,
        DynamicLoading = DynamicLoading,
        Value = Value,
        Placeholder = Placeholder,
        AllowCustomChoice = AllowCustomChoice,
        Disabled = Disabled,
        MaxLength = MaxLength,
    };
}
