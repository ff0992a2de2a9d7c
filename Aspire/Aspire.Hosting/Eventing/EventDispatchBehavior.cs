namespace Aspire.Hosting.Eventing;

/// <summary>How the subscribers of an event are called.</summary>
public enum EventDispatchBehavior
{
    /// <summary>One after the other; publishing ends when all have ended.</summary>
    BlockingSequential = 0,

    /// <summary>All at once; publishing ends when all have ended.</summary>
    BlockingConcurrent = 1,

    /// <summary>One after the other; publishing ends at once.</summary>
    NonBlockingSequential = 2,

    /// <summary>All at once; publishing ends at once.</summary>
    NonBlockingConcurrent = 3,
}
