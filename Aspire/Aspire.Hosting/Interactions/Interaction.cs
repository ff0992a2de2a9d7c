namespace Aspire.Hosting.Interactions;

/// <summary>A question to the person in front of the dashboard or the CLI.</summary>
/// <param name="Id">A number that no other question of this process has.</param>
/// <param name="Kind">What is asked.</param>
/// <param name="Title">The title.</param>
/// <param name="Message">The text.</param>
/// <param name="Options">The buttons and the rest of its looks.</param>
internal sealed record Interaction(int Id, InteractionKind Kind, string Title, string? Message, InteractionOptions Options)
{
    private static int _lastId;

    /// <summary>The fields; none but a dialog with inputs has any.</summary>
    public InteractionInputCollection? Inputs { get; init; }

    /// <summary>Whether it is over: answered, closed or taken back.</summary>
    public bool IsOver => Completion.Task.IsCompleted;

    /// <summary>What was answered; null when it was closed or taken back.</summary>
    internal TaskCompletionSource<InteractionAnswer?> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>One sending of a dialog is checked at a time: two browsers may send the same.</summary>
    internal SemaphoreSlim Checking { get; } = new(1, 1);

    public static int NextId() => Interlocked.Increment(ref _lastId);
}
