namespace Aspire.Hosting;

/// <summary>How a field is filled while its dialog is shown.</summary>
public sealed class InputLoadOptions
{
    /// <summary>Sets the field's choices, its value or whether it is disabled. What it throws is logged, and the field stays as it is.</summary>
    public required Func<LoadInputContext, Task> LoadCallback { get; init; }

    /// <summary>Whether the field is filled when the dialog opens, also when it depends on others.</summary>
    public bool AlwaysLoadOnStart { get; init; }

    /// <summary>The fields, all of them before this one, whose change fills this one again.</summary>
    public IReadOnlyList<string>? DependsOnInputs { get; init; }
}
