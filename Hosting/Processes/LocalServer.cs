using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Trellis.Hosting.Processes;

/// <summary>
/// Runs a server that is modelled as a container as a process of this machine. The container resource stays what everybody refers to
/// (its connection string, its health, its databases); an executable resource <c>(name)-process</c> beside it is what runs.
/// </summary>
internal static class LocalServer
{
    private const string LoopbackAddress = "127.0.0.1";

    /// <summary>Aspire's setting by which a run in a test has no port that another could have too.</summary>
    private const string RandomizePortsSetting = "DcpPublisher:RandomizePorts";

    /// <summary>Turns a server into a process.</summary>
    /// <param name="server">The server.</param>
    /// <param name="command">
    /// The launcher's words before the server's own arguments. Asked at every start, with the port that the server shall listen on.
    /// </param>
    /// <param name="adaptArguments">Makes the arguments meant for the container's entry point fit the launcher.</param>
    public static void RunAsProcess<TServer>(
        IResourceBuilder<TServer> server, Func<int, IReadOnlyList<string>> command, Action<IList<object>> adaptArguments)
        where TServer : ContainerResource, IResourceWithConnectionString
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException(
                $"RunAsProcess() of '{server.Resource.Name}' starts servers on Linux only. Leave it out to run a container instead.");
        }

        if (server.Resource.Annotations.OfType<LocalServerAnnotation>().Any())
        {
            return;
        }

        var builder = server.ApplicationBuilder;
        var process = builder.AddExecutable($"{server.Resource.Name}-process", "/bin/sh", "/")
            .WithParentRelationship(server.Resource)
            .ExcludeFromManifest()
            .WithEnvironment(async context =>
            {
                foreach (var annotation in server.Resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
                {
                    await annotation.Callback(context).ConfigureAwait(false);
                }
            })
            .WithArgs(async context =>
            {
                List<object> arguments = [];
                var forServer = new CommandLineArgsCallbackContext(arguments, server.Resource, context.CancellationToken)
                {
                    ExecutionContext = context.ExecutionContext,
                    Logger = context.Logger,
                };
                foreach (var annotation in server.Resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
                {
                    await annotation.Callback(forServer).ConfigureAwait(false);
                }

                adaptArguments(arguments);
                foreach (var word in command(Endpoint(server.Resource).Port!.Value).Append("--").Concat(arguments))
                {
                    context.Args.Add(word);
                }
            });
        server.WithAnnotation(new LocalServerAnnotation());
        LocalServerCommands.AddTo(server, process.Resource);

        // Late, so that an author's WithImageTag() and WithHostPort() after RunAsProcess() still find what they change.
        builder.Eventing.Subscribe<BeforeStartEvent>((_, _) =>
        {
            TakeFromTheContainerEngine(server.Resource, builder.Configuration.GetValue<bool>(RandomizePortsSetting));
            return Task.CompletedTask;
        });
        builder.Eventing.Subscribe<InitializeResourceEvent>(server.Resource, (initialize, cancellationToken) =>
            new LocalServerMirror(server.Resource, process.Resource, LoopbackAddress)
                .StartAsync(initialize, cancellationToken));

        // What the server waits for holds its process back.
        builder.Eventing.Subscribe<BeforeResourceStartedEvent>(process.Resource, (starting, cancellationToken) =>
            builder.Eventing.PublishAsync(new BeforeResourceStartedEvent(server.Resource, starting.Services), cancellationToken));
        builder.Eventing.Subscribe<ResourceStoppedEvent>(process.Resource, (stopped, cancellationToken) =>
            builder.Eventing.PublishAsync(new ResourceStoppedEvent(server.Resource, stopped.Services, stopped.ResourceEvent), cancellationToken));
    }

    private static EndpointAnnotation Endpoint(ContainerResource server) =>
        server.Annotations.OfType<EndpointAnnotation>().Single(endpoint => endpoint.Name == "tcp");

    private static void TakeFromTheContainerEngine(ContainerResource server, bool randomizePorts)
    {
        foreach (var image in server.Annotations.OfType<ContainerImageAnnotation>().ToArray())
        {
            server.Annotations.Remove(image);
        }

        foreach (var endpoint in server.Annotations.OfType<EndpointAnnotation>())
        {
            // Read before the proxy is taken away: without one, the container's own port would stand in for a port that nobody asked for.
            var port = randomizePorts ? FreePort.Next() : endpoint.Port ?? FreePort.Next();
            endpoint.IsProxied = false;
            endpoint.Port = port;
            endpoint.TargetPort = port;
        }
    }

    private sealed class LocalServerAnnotation : IResourceAnnotation;
}
