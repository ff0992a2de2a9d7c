using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Dcp;

/// <summary>What DCP tells of something that runs, be it a process or a container.</summary>
internal interface IDcpWorkload : IDcpNamed
{
    /// <summary>See <see cref="DcpExecutableState"/> and <see cref="DcpContainerState"/>; null before DCP has looked at it.</summary>
    string? State { get; }

    /// <summary>True when nothing runs and nothing will.</summary>
    bool IsFinal { get; }
}

/// <summary>A kind of object that runs.</summary>
/// <typeparam name="TSelf">The kind itself.</typeparam>
internal interface IDcpWorkload<TSelf> : IDcpObject<TSelf>, IDcpWorkload
    where TSelf : class, IDcpWorkload<TSelf>
{
    /// <summary>The streams that make up its log, each with whether its lines are errors.</summary>
    static abstract IReadOnlyList<(DcpLogSource Source, bool IsError)> Logs { get; }

    /// <summary>What state somebody has stopped it in has; DCP's own state where it does not matter who did.</summary>
    static abstract string StoppedState(string state);

    /// <summary>The same in another state.</summary>
    TSelf InState(string state);

    /// <summary>The state before, changed to what this says.</summary>
    CustomResourceSnapshot Update(CustomResourceSnapshot before, IResource resource);
}
