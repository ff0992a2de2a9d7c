using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Dcp;

/// <summary>Says what DCP tells of a process in the words of the application model and the dashboard.</summary>
internal static class ExecutableSnapshot
{
    /// <summary>The state before, changed to what the executable is now.</summary>
    public static CustomResourceSnapshot Update(CustomResourceSnapshot before, IResource resource, DcpExecutable executable)
    {
        var status = executable.Status;
        var state = StateOf(status?.State) ?? before.State;
        var fromSpec = (executable.Spec.Env ?? []).Select(variable => variable.Name).ToHashSet(StringComparer.Ordinal);
        return before with
        {
            State = state,
            ExitCode = status?.ExitCode,
            StartTimeStamp = status?.StartupTimestamp?.UtcDateTime ?? before.StartTimeStamp,
            StopTimeStamp = status?.FinishTimestamp?.UtcDateTime,
            EnvironmentVariables =
            [
                .. (status?.EffectiveEnv ?? executable.Spec.Env ?? [])
                    .Select(variable => new EnvironmentVariableSnapshot(variable.Name, variable.Value, fromSpec.Contains(variable.Name))),
            ],
            Urls = [.. before.Urls.Select(url => url.Name is null ? url : url with { IsInactive = state?.Text != KnownResourceStates.Running })],
            Properties =
            [
                .. before.Properties.Where(property => !Own.Contains(property.Name)),
                .. PropertiesOf(resource, executable),
            ],
        };
    }

    /// <summary>The state of the application model; null while DCP has not said anything yet.</summary>
    public static ResourceStateSnapshot? StateOf(string? state) => state switch
    {
        DcpExecutableState.Starting => new ResourceStateSnapshot(KnownResourceStates.Starting, null),
        DcpExecutableState.Running => new ResourceStateSnapshot(KnownResourceStates.Running, KnownResourceStateStyles.Success),
        DcpExecutableState.Stopping => new ResourceStateSnapshot(KnownResourceStates.Stopping, null),
        DcpExecutableState.Finished => new ResourceStateSnapshot(KnownResourceStates.Finished, null),
        DcpExecutableState.Terminated or DcpExecutableState.Unknown => new ResourceStateSnapshot(KnownResourceStates.Exited, null),
        DcpExecutableState.FailedToStart => new ResourceStateSnapshot(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error),
        _ => null,
    };

    private static readonly HashSet<string> Own =
        new(["executable.path", "executable.workDir", "executable.args", "executable.pid", "project.path", .. ApplicationArguments.PropertyNames], StringComparer.Ordinal);

    private static IEnumerable<ResourcePropertySnapshot> PropertiesOf(IResource resource, DcpExecutable executable)
    {
        yield return new ResourcePropertySnapshot("executable.path", executable.Spec.ExecutablePath);
        yield return new ResourcePropertySnapshot("executable.workDir", executable.Spec.WorkingDirectory);
        var arguments = executable.Status?.EffectiveArgs ?? executable.Spec.Args ?? [];
        yield return new ResourcePropertySnapshot("executable.args", arguments) { IsSensitive = true };
        foreach (var property in ApplicationArguments.PropertiesOf(executable.Metadata, arguments))
        {
            yield return property;
        }

        if (executable.Status?.Pid is { } pid)
        {
            yield return new ResourcePropertySnapshot("executable.pid", pid);
        }

        if (resource is ProjectResource project)
        {
            yield return new ResourcePropertySnapshot("project.path", project.GetProjectMetadata().ProjectPath);
        }
    }
}
