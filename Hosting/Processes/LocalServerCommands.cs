using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Trellis.Hosting.Processes;

/// <summary>Start, stop and restart of a server, which its process carries out.</summary>
internal static class LocalServerCommands
{
    /// <summary>Gives a server the commands that its process has.</summary>
    /// <param name="server">The server that everybody refers to.</param>
    /// <param name="process">The process that runs.</param>
    public static void AddTo<TServer>(IResourceBuilder<TServer> server, ExecutableResource process)
        where TServer : ContainerResource
    {
        Add(KnownResourceCommands.StartCommand, "Start", new() { Description = "Start resource", IconName = "Play", IconVariant = IconVariant.Filled, IsHighlighted = true });
        Add(KnownResourceCommands.StopCommand, "Stop", new() { Description = "Stop resource", IconName = "Stop", IconVariant = IconVariant.Filled, IsHighlighted = true });
        Add(KnownResourceCommands.RestartCommand, "Restart", new() { Description = "Restart resource", IconName = "ArrowCounterclockwise", IconVariant = IconVariant.Regular });

        void Add(string name, string displayName, CommandOptions options)
        {
            options.UpdateState = context => StateOf(process, name, context);
            server.WithCommand(
                name,
                displayName,
                context => context.Services.GetRequiredService<ResourceCommandService>().ExecuteCommandAsync(process, name, context.CancellationToken),
                options);
        }
    }

    // The server shows its process's state, so what the process's command says of the server's state holds for both.
    private static ResourceCommandState StateOf(ExecutableResource process, string name, UpdateCommandStateContext context) =>
        process.Annotations.OfType<ResourceCommandAnnotation>().LastOrDefault(command => command.Name == name)?.UpdateState(context)
        ?? ResourceCommandState.Disabled;
}
