using Aspire.Hosting.Dcp;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Start, stop and restart, for everything that the engine runs.</summary>
internal static class LifecycleCommands
{
    /// <summary>Adds those that the resource does not have yet: an author's own stay.</summary>
    public static void AddTo(IResource resource)
    {
        Add(
            resource, KnownResourceCommands.StartCommand, "Start", "started", StartState, (engine, id, cancellationToken) => engine.StartResourceAsync(id, cancellationToken),
            new() { Description = "Start resource", IconName = "Play", IconVariant = IconVariant.Filled, IsHighlighted = true });
        Add(
            resource, KnownResourceCommands.StopCommand, "Stop", "stopped", StopState, (engine, id, cancellationToken) => engine.StopResourceAsync(id, cancellationToken),
            new() { Description = "Stop resource", IconName = "Stop", IconVariant = IconVariant.Filled, IsHighlighted = true });
        Add(
            resource, KnownResourceCommands.RestartCommand, "Restart", "restarted", RestartState, (engine, id, cancellationToken) => engine.StartResourceAsync(id, cancellationToken),
            new() { Description = "Restart resource", IconName = "ArrowCounterclockwise", IconVariant = IconVariant.Regular });
    }

    private static void Add(
        IResource resource,
        string name,
        string displayName,
        string done,
        Func<string?, ResourceCommandState> stateOf,
        Func<IResourceEngine, string, CancellationToken, Task> execute,
        CommandOptions options)
    {
        if (resource.Annotations.OfType<ResourceCommandAnnotation>().Any(command => command.Name == name))
        {
            return;
        }

        resource.Annotations.Add(new ResourceCommandAnnotation(
            name,
            displayName,
            context => stateOf(context.ResourceSnapshot.State?.Text),
            async context =>
            {
                await execute(context.Services.GetRequiredService<IResourceEngine>(), context.ResourceName, context.CancellationToken).ConfigureAwait(false);
                return CommandResults.Success($"Resource '{resource.Name}' was {done}.");
            },
            options));
    }

    private static ResourceCommandState StartState(string? state) =>
        HasEnded(state) ? ResourceCommandState.Enabled
        : IsOnItsWayUp(state) ? ResourceCommandState.Disabled
        : ResourceCommandState.Hidden;

    private static ResourceCommandState StopState(string? state) =>
        state == KnownResourceStates.Stopping ? ResourceCommandState.Disabled
        : HasEnded(state) || IsOnItsWayUp(state) ? ResourceCommandState.Hidden
        : ResourceCommandState.Enabled;

    private static ResourceCommandState RestartState(string? state) =>
        state == KnownResourceStates.Stopping || HasEnded(state) || IsOnItsWayUp(state) ? ResourceCommandState.Disabled : ResourceCommandState.Enabled;

    private static bool HasEnded(string? state) =>
        state is not null && (KnownResourceStates.TerminalStates.Contains(state) || state == KnownResourceStates.NotStarted);

    // Waiting among them: the start that waits is still going on, and a second one would end the first one's process.
    private static bool IsOnItsWayUp(string? state) =>
        string.IsNullOrEmpty(state) || state == KnownResourceStates.Starting || state == KnownResourceStates.Waiting || state == KnownResourceStates.RuntimeUnhealthy;
}
