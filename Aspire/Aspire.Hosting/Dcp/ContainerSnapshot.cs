using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Dcp;

/// <summary>Says what DCP tells of a container in the words of the application model and the dashboard.</summary>
internal static class ContainerSnapshot
{
    private static readonly HashSet<string> Own = new(
        ["container.image", "container.id", "container.command", "container.args", "container.ports", "container.lifetime", .. ApplicationArguments.PropertyNames],
        StringComparer.Ordinal);

    /// <summary>The state before, changed to what the container is now.</summary>
    public static CustomResourceSnapshot Update(CustomResourceSnapshot before, DcpContainer container)
    {
        var (spec, status) = (container.Spec, container.Status);
        var state = StateOf(status?.State) ?? before.State;
        var fromSpec = (spec.Env ?? []).Select(variable => variable.Name)
            .Concat((spec.RunArgs ?? []).Select(option => option.Split('=')[0]))
            .ToHashSet(StringComparer.Ordinal);
        return before with
        {
            State = state,
            // DCP says -1 of a container that has not ended.
            ExitCode = status?.ExitCode is -1 ? null : status?.ExitCode,
            StartTimeStamp = status?.StartupTimestamp?.UtcDateTime ?? before.StartTimeStamp,
            StopTimeStamp = status?.FinishTimestamp?.UtcDateTime,
            EnvironmentVariables =
            [
                .. (status?.EffectiveEnv ?? spec.Env ?? [])
                    .Select(variable => new EnvironmentVariableSnapshot(variable.Name, variable.Value, fromSpec.Contains(variable.Name))),
            ],
            Urls = [.. before.Urls.Select(url => url.Name is null ? url : url with { IsInactive = state?.Text != KnownResourceStates.Running })],
            Volumes = [.. (spec.VolumeMounts ?? []).Select(mount => new VolumeSnapshot(mount.Source, mount.Target, mount.Type, mount.ReadOnly))],
            Properties = [.. before.Properties.Where(property => !Own.Contains(property.Name)), .. PropertiesOf(container)],
        };
    }

    private static ResourceStateSnapshot? StateOf(string? state) => state switch
    {
        null or "" => null,
        DcpContainerState.Pending => new ResourceStateSnapshot(KnownResourceStates.Starting, null),
        DcpContainerState.Running => new ResourceStateSnapshot(KnownResourceStates.Running, KnownResourceStateStyles.Success),
        DcpContainerState.FailedToStart => new ResourceStateSnapshot(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error),
        DcpContainerState.RuntimeUnhealthy => new ResourceStateSnapshot(KnownResourceStates.RuntimeUnhealthy, KnownResourceStateStyles.Warn),
        DcpContainerState.Unknown => new ResourceStateSnapshot(KnownResourceStates.Exited, null),
        // Building, Starting, Paused, Stopping and Exited are the dashboard's words too.
        _ => new ResourceStateSnapshot(state, null),
    };

    private static IEnumerable<ResourcePropertySnapshot> PropertiesOf(DcpContainer container)
    {
        var (spec, status) = (container.Spec, container.Status);
        yield return new ResourcePropertySnapshot("container.image", spec.Image);
        yield return new ResourcePropertySnapshot("container.lifetime", spec.Persistent == true ? ContainerLifetime.Persistent : ContainerLifetime.Session);
        var arguments = status?.EffectiveArgs ?? spec.Args ?? [];
        yield return new ResourcePropertySnapshot("container.args", arguments) { IsSensitive = true };
        foreach (var property in ApplicationArguments.PropertiesOf(container.Metadata, arguments))
        {
            yield return property;
        }

        yield return new ResourcePropertySnapshot("container.ports", (spec.Ports ?? []).Select(port => port.ContainerPort).ToArray());
        if (spec.Command is not null)
        {
            yield return new ResourcePropertySnapshot("container.command", spec.Command);
        }

        if (status?.ContainerId is not null)
        {
            yield return new ResourcePropertySnapshot("container.id", status.ContainerId);
        }
    }
}
