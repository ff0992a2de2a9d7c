namespace Aspire.Hosting.ApplicationModel;

/// <summary>The states that dashboard and engine know.</summary>
public static class KnownResourceStates
{
    /// <summary>On its way up.</summary>
    public static readonly string Starting = nameof(Starting);

    /// <summary>Up.</summary>
    public static readonly string Running = nameof(Running);

    /// <summary>Could not be started.</summary>
    public static readonly string FailedToStart = nameof(FailedToStart);

    /// <summary>What runs it does not work.</summary>
    public static readonly string RuntimeUnhealthy = nameof(RuntimeUnhealthy);

    /// <summary>On its way down.</summary>
    public static readonly string Stopping = nameof(Stopping);

    /// <summary>Ended by itself or by a signal.</summary>
    public static readonly string Exited = nameof(Exited);

    /// <summary>Ended, having done what it was to do.</summary>
    public static readonly string Finished = nameof(Finished);

    /// <summary>Waits for another resource.</summary>
    public static readonly string Waiting = nameof(Waiting);

    /// <summary>Waits for somebody to start it.</summary>
    public static readonly string NotStarted = nameof(NotStarted);

    /// <summary>A parameter without a value.</summary>
    public static readonly string ValueMissing = nameof(ValueMissing);

    /// <summary>The states that are not left without a restart.</summary>
    public static readonly IReadOnlyList<string> TerminalStates = [Finished, FailedToStart, Exited];
}
