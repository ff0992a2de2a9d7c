using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;
using Trellis.Hosting.Processes;

namespace Aspire.Hosting;

/// <summary>Runs a mock of Kafka without a container.</summary>
public static class KafkaProcessBuilderExtensions
{
    private const string Explanation = "This is no Kafka but a mock of it (librdkafka's): one broker, everything in memory, and gone when it stops. For development and tests only.";

    /// <summary>
    /// While the AppHost runs, the server is librdkafka's mock cluster in a process of this machine: it speaks Kafka's protocol, but is no Kafka. It has one broker and keeps everything
    /// in memory. Published, it stays the container that it is.
    /// </summary>
    /// <remarks>The server's log and its details in the dashboard say that it is a mock. It listens on 127.0.0.1 only. It has no data folder: a data volume or bind mount means nothing to it.</remarks>
    /// <param name="builder">The server.</param>
    /// <exception cref="PlatformNotSupportedException">The AppHost does not run on Linux.</exception>
    public static IResourceBuilder<KafkaServerResource> RunAsProcess(this IResourceBuilder<KafkaServerResource> builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.ApplicationBuilder.ExecutionContext.IsRunMode)
        {
            LocalServer.RunAsProcess(builder, Command, arguments => arguments.Clear());
            builder.OnInitializeResource(async (resource, initialize, _) =>
            {
                initialize.Logger.LogWarning("{Explanation}", Explanation);
                await initialize.Notifications.PublishUpdateAsync(resource, snapshot => snapshot with
                {
                    Properties = [.. snapshot.Properties, new ResourcePropertySnapshot("mock", Explanation)],
                }).ConfigureAwait(false);
            });
        }

        return builder;
    }

    private static List<string> Command(int port) => BuiltPaths.KafkaMock is { } server
        ? [BuiltPaths.Launcher("run-kafka.sh"), "--server", server, "--port", port.ToString(CultureInfo.InvariantCulture)]
        : [BuiltPaths.Launcher("run-kafka.sh"), "--fail", "The mock of Kafka was not built. Build the AppHost again."];
}
