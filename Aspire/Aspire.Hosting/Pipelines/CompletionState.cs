namespace Aspire.Hosting.Pipelines;

/// <summary>How a step or a task has gone so far; the greater, the worse.</summary>
public enum CompletionState
{
    /// <summary>It goes on.</summary>
    InProgress = 0,

    /// <summary>It has done its work.</summary>
    Completed = 1,

    /// <summary>It has done its work, and there is something to look at.</summary>
    CompletedWithWarning = 2,

    /// <summary>It has failed.</summary>
    CompletedWithError = 3,
}
