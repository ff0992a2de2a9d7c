namespace Aspire.Hosting.ApplicationModel;

/// <summary>What happens to the one that waits when the other fails.</summary>
public enum WaitBehavior
{
    /// <summary>It goes on waiting.</summary>
    WaitOnResourceUnavailable = 0,

    /// <summary>It fails too.</summary>
    StopOnResourceUnavailable = 1,
}
