using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Adds Kafka brokers to an AppHost.</summary>
public static class KafkaBuilderExtensions
{
    private const int BrokerPort = 9092;
    private const int InternalBrokerPort = 9093;
    private const int PagesPort = 8080;
    private const string DataFolderInImage = "/var/lib/kafka/data";

    /// <summary>Adds a Kafka broker, in KRaft mode. It is ready when it says which brokers there are.</summary>
    /// <param name="builder">The AppHost's builder.</param>
    /// <param name="name">The resource's name, which is also the connection string's.</param>
    /// <param name="port">The port on this machine; <see langword="null"/> lets the system choose.</param>
    /// <exception cref="ArgumentException">The name is missing.</exception>
    public static IResourceBuilder<KafkaServerResource> AddKafka(this IDistributedApplicationBuilder builder, [ResourceName] string name, int? port = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        var server = new KafkaServerResource(name);
        string? connectionString = null;
        builder.Eventing.Subscribe<ConnectionStringAvailableEvent>(server, async (_, cancellationToken) =>
            connectionString = await server.ConnectionStringExpression.GetValueAsync(cancellationToken).ConfigureAwait(false)
                ?? throw new DistributedApplicationException($"The resource '{name}' says that its connection string is available, but it has none."));

        var healthCheckKey = $"{name}_check";
        var healthCheck = new KafkaHealthCheck(() => connectionString);
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(healthCheckKey, healthCheck, HealthStatus.Unhealthy, tags: null));

        return builder.AddResource(server)
            .WithEndpoint(targetPort: BrokerPort, port: port, name: KafkaServerResource.PrimaryEndpointName)
            .WithEndpoint(targetPort: InternalBrokerPort, name: KafkaServerResource.InternalEndpointName)
            .WithImage(KafkaContainerImageTags.Image, KafkaContainerImageTags.Tag)
            .WithImageRegistry(KafkaContainerImageTags.Registry)
            .WithIconName("MailMultiple")
            .WithEnvironment(context => AddListeners(context, server))
            .WithHealthCheck(healthCheckKey);
    }

    /// <summary>Adds web pages that show what is in every Kafka of the AppHost: one container for all, which is never published.</summary>
    /// <param name="builder">The broker.</param>
    /// <param name="configureContainer">Called with the container, also where another broker has added it before.</param>
    /// <param name="containerName">The container's name; <see langword="null"/> means <c>kafka-ui</c>.</param>
    public static IResourceBuilder<KafkaServerResource> WithKafkaUI(
        this IResourceBuilder<KafkaServerResource> builder, Action<IResourceBuilder<KafkaUIContainerResource>>? configureContainer = null, string? containerName = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var application = builder.ApplicationBuilder;
        var pages = application.Resources.OfType<KafkaUIContainerResource>().SingleOrDefault() is { } existing
            ? application.CreateResourceBuilder(existing)
            : application.AddResource(new KafkaUIContainerResource(containerName ?? "kafka-ui"))
                .WithImage(KafkaContainerImageTags.KafkaUiImage, KafkaContainerImageTags.KafkaUiTag)
                .WithImageRegistry(KafkaContainerImageTags.Registry)
                .WithIconName("WindowDatabase")
                .WithHttpEndpoint(targetPort: PagesPort)
                // Asked when it starts: brokers may be added after it.
                .WithEnvironment(context => AddClusters(context, application.Resources.OfType<KafkaServerResource>()))
                .ExcludeFromManifest();
        configureContainer?.Invoke(pages);
        return builder;
    }

    /// <summary>Sets the port of the web pages on this machine.</summary>
    /// <param name="builder">The web pages.</param>
    /// <param name="port">The port; <see langword="null"/> lets the system choose.</param>
    public static IResourceBuilder<KafkaUIContainerResource> WithHostPort(this IResourceBuilder<KafkaUIContainerResource> builder, int? port)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithEndpoint("http", endpoint => endpoint.Port = port);
    }

    /// <summary>Keeps the broker's data in a named volume.</summary>
    /// <param name="builder">The broker.</param>
    /// <param name="name">The volume's name; <see langword="null"/> makes one from the AppHost and the resource.</param>
    /// <param name="isReadOnly">Whether the broker may only read it.</param>
    public static IResourceBuilder<KafkaServerResource> WithDataVolume(this IResourceBuilder<KafkaServerResource> builder, string? name = null, bool isReadOnly = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithDataFolder().WithVolume(name ?? VolumeNameGenerator.Generate(builder, "data"), DataFolderInImage, isReadOnly);
    }

    /// <summary>Keeps the broker's data in a folder of this machine.</summary>
    /// <param name="builder">The broker.</param>
    /// <param name="source">The folder, absolute or relative to the AppHost's.</param>
    /// <param name="isReadOnly">Whether the broker may only read it.</param>
    /// <exception cref="ArgumentException">The folder is missing.</exception>
    public static IResourceBuilder<KafkaServerResource> WithDataBindMount(this IResourceBuilder<KafkaServerResource> builder, string source, bool isReadOnly = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(source);
        return builder.WithDataFolder().WithBindMount(source, DataFolderInImage, isReadOnly);
    }

    private static IResourceBuilder<KafkaServerResource> WithDataFolder(this IResourceBuilder<KafkaServerResource> builder) =>
        builder.WithEnvironment("KAFKA_LOG_DIRS", DataFolderInImage);

    // One listener for whoever is outside and one for other containers: what a broker tells a client must be an address that this client can reach.
    private static void AddListeners(EnvironmentCallbackContext context, KafkaServerResource server)
    {
        var (outside, inside) = (server.PrimaryEndpoint, server.InternalEndpoint);
        context.EnvironmentVariables["KAFKA_LISTENERS"] =
            $"PLAINTEXT://localhost:29092,CONTROLLER://localhost:29093,PLAINTEXT_HOST://0.0.0.0:{BrokerPort},PLAINTEXT_INTERNAL://0.0.0.0:{InternalBrokerPort}";
        context.EnvironmentVariables["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"] =
            "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT,PLAINTEXT_INTERNAL:PLAINTEXT";
        context.EnvironmentVariables["KAFKA_ADVERTISED_LISTENERS"] = context.ExecutionContext.IsRunMode
            ? ReferenceExpression.Create(
                $"PLAINTEXT://localhost:29092,PLAINTEXT_HOST://localhost:{outside.Property(EndpointProperty.Port)},PLAINTEXT_INTERNAL://{server.Name}:{inside.Property(EndpointProperty.TargetPort)}")
            : ReferenceExpression.Create(
                $"PLAINTEXT://{outside.Property(EndpointProperty.Host)}:29092,PLAINTEXT_HOST://{outside.Property(EndpointProperty.HostAndPort)},PLAINTEXT_INTERNAL://{inside.Property(EndpointProperty.HostAndPort)}");
    }

    private static void AddClusters(EnvironmentCallbackContext context, IEnumerable<KafkaServerResource> servers)
    {
        foreach (var (number, server) in servers.Index())
        {
            var inside = server.InternalEndpoint;
            context.EnvironmentVariables[$"KAFKA_CLUSTERS_{number}_NAME"] = server.Name;
            context.EnvironmentVariables[$"KAFKA_CLUSTERS_{number}_BOOTSTRAPSERVERS"] = context.ExecutionContext.IsRunMode
                ? ReferenceExpression.Create($"{server.Name}:{inside.Property(EndpointProperty.TargetPort)}")
                : ReferenceExpression.Create($"{inside.Property(EndpointProperty.HostAndPort)}");
        }
    }
}
