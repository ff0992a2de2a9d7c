namespace Aspire.Hosting.ApplicationModel;

/// <summary>The dashboard leaves the resource out unless its user asks for hidden ones.</summary>
/// <param name="behavior">When.</param>
public sealed class HiddenAnnotation(HiddenBehavior behavior) : IResourceAnnotation
{
    /// <summary>When.</summary>
    public HiddenBehavior Behavior { get; } = behavior;

    /// <summary>The exit codes that it should end with.</summary>
    public IReadOnlyList<int> SuccessfulExitCodes { get; init; } = [0];

    internal bool Hides(CustomResourceSnapshot snapshot) => Behavior == HiddenBehavior.Always
        || (snapshot.ExitCode is { } code
            && SuccessfulExitCodes.Contains(code)
            && snapshot.State?.Text is { } state
            && (state == KnownResourceStates.Finished || state == KnownResourceStates.Exited));
}
