namespace Aspire.Hosting.Pipelines;

// What the aspire CLI gets to know about a pipeline, in its words.
#pragma warning disable MA0048, SA1402 // One file: these belong together and none has behaviour.

/// <summary>Something has begun, gone on or ended.</summary>
internal sealed record PipelineActivity(string Type, PipelineActivityData Data)
{
    public const string Step = "step";
    public const string Task = "task";
    public const string Log = "log";
    public const string Prompt = "prompt";
    public const string Complete = "publish-complete";
}

internal sealed record PipelineActivityData
{
    public required string Id { get; init; }

    public required string StatusText { get; init; }

    public string CompletionState { get; init; } = nameof(Pipelines.CompletionState.InProgress);

    public string? StepId { get; init; }

    public string? ParentStepId { get; init; }

    public int? HierarchyLevel { get; init; }

    public string? CompletionMessage { get; init; }

    public IReadOnlyList<PipelineSummaryItem>? PipelineSummary { get; init; }

    public string? LogLevel { get; init; }

    public DateTimeOffset? Timestamp { get; init; }

    public bool EnableMarkdown { get; init; }

    /// <summary>The fields of a question.</summary>
    public IReadOnlyList<PromptInput>? Inputs { get; init; }
}

/// <summary>A field that the CLI asks for.</summary>
internal sealed record PromptInput(string Name, string Label, string InputType)
{
    public bool Required { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>>? Options { get; init; }

    public string? Value { get; init; }

    public IReadOnlyList<string>? ValidationErrors { get; init; }

    public bool AllowCustomChoice { get; init; }

    /// <summary>Whether other fields depend on this one's value.</summary>
    public bool UpdateStateOnChange { get; init; }
}
