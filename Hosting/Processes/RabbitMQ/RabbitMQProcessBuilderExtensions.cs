using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Trellis.Hosting.Processes;

namespace Aspire.Hosting;

/// <summary>Runs RabbitMQ without a container.</summary>
public static class RabbitMQProcessBuilderExtensions
{
    private const string PathSetting = "Processes:RabbitMQ:ServerPath";
    private const string ManagementEndpoint = "management";

    // Not the one on PATH, which Debian makes refuse every user but root and rabbitmq.
    private static readonly string[] Installed = ["/usr/lib/rabbitmq/bin/rabbitmq-server", "/opt/rabbitmq/sbin/rabbitmq-server"];

    /// <summary>
    /// While the AppHost runs, the server is a process of this machine: an installed rabbitmq-server. Published, it stays the container that it is.
    /// </summary>
    /// <remarks>
    /// Data is kept from run to run in <c>.data/(resource)</c> under the repository's root, or in the user's state folder where that cannot be written; a
    /// data volume or bind mount names another folder. The server, the port mapper beside it (epmd) and its distribution port listen on 127.0.0.1 only.
    /// Settings: <c>Processes:DataRoot</c>, <c>Processes:RabbitMQ:ServerPath</c>. What is missing is said in the log of the resource
    /// <c>(name)-process</c>, and in the server's own.
    /// </remarks>
    /// <param name="builder">The server.</param>
    /// <exception cref="PlatformNotSupportedException">The AppHost does not run on Linux.</exception>
    public static IResourceBuilder<RabbitMQServerResource> RunAsProcess(this IResourceBuilder<RabbitMQServerResource> builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.ApplicationBuilder.ExecutionContext.IsRunMode)
        {
            LocalServer.RunAsProcess(builder, port => Command(builder, port), _ => { });
        }

        return builder;
    }

    /// <summary>Whether a server is installed that <see cref="RunAsProcess"/> can run.</summary>
    /// <param name="builder">The AppHost's builder.</param>
    public static bool HasRabbitMQServer(this IDistributedApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return FindServer(builder, out _) is not null;
    }

    private static List<string> Command(IResourceBuilder<RabbitMQServerResource> builder, int port)
    {
        List<string> command = [BuiltPaths.Launcher("run-rabbitmq.sh")];
        if (FindServer(builder.ApplicationBuilder, out var error) is not { } server)
        {
            return [.. command, "--fail", error!];
        }

        var folders = DataFolders.For(builder.ApplicationBuilder, builder.Resource, "/var/lib/rabbitmq");
        command.AddRange(["--server", server, "--node", builder.Resource.Name, "--data", folders.Preferred, "--port", Text(port)]);
        command.AddRange(["--epmd-port", Text(FreePort.Next()), "--distribution-port", Text(FreePort.Next())]);
        command.AddRange(["--for", DataFolders.HolderName(builder.ApplicationBuilder)]);
        if (builder.Resource.Annotations.OfType<EndpointAnnotation>().FirstOrDefault(endpoint => endpoint.Name == ManagementEndpoint)?.Port is { } management)
        {
            command.AddRange(["--management-port", Text(management)]);
        }

        return folders.Fallback is { } fallback ? [.. command, "--or-data", fallback] : command;
    }

    private static string? FindServer(IDistributedApplicationBuilder builder, out string? error)
    {
        error = null;
        if (builder.Configuration[PathSetting] is { Length: > 0 } path)
        {
            error = File.Exists(path) ? null : $"The setting {PathSetting} names {path}, which does not exist.";
            return error is null ? path : null;
        }

        var found = Array.Find(Installed, File.Exists);
        error = found is null ? $"No RabbitMQ server was found. Install one (Debian package rabbitmq-server), or name it with the setting {PathSetting}." : null;
        return found;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
