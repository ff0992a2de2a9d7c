using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Adds RabbitMQ servers to an AppHost.</summary>
public static partial class RabbitMQBuilderExtensions
{
    private const string DataFolderInImage = "/var/lib/rabbitmq";
    private const string Management = "management";
    private const string Alpine = "alpine";

    /// <summary>Adds a RabbitMQ server. It is ready when it lets us in over AMQP.</summary>
    /// <param name="builder">The AppHost's builder.</param>
    /// <param name="name">The resource's name, which is also the connection string's.</param>
    /// <param name="userName">The parameter with the user's name; <see langword="null"/> means <c>guest</c>.</param>
    /// <param name="password">The parameter with the user's password; <see langword="null"/> generates the parameter <c>(name)-password</c>.</param>
    /// <param name="port">The port on this machine; <see langword="null"/> lets the system choose.</param>
    /// <exception cref="ArgumentException">The name is missing.</exception>
    public static IResourceBuilder<RabbitMQServerResource> AddRabbitMQ(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        // Letters and digits only: it is part of a URI.
        var passwordParameter = password?.Resource
            ?? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-password", special: false);
        var server = new RabbitMQServerResource(name, userName?.Resource, passwordParameter);

        string? connectionString = null;
        builder.Eventing.Subscribe<ConnectionStringAvailableEvent>(server, async (_, cancellationToken) =>
            connectionString = await server.ConnectionStringExpression.GetValueAsync(cancellationToken).ConfigureAwait(false)
                ?? throw new DistributedApplicationException($"The resource '{name}' says that its connection string is available, but it has none."));

        var healthCheckKey = $"{name}_check";
        var healthCheck = new RabbitMQHealthCheck(() => connectionString);
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(healthCheckKey, healthCheck, HealthStatus.Unhealthy, tags: null));

        return builder.AddResource(server)
            .WithImage(RabbitMQContainerImageTags.Image, RabbitMQContainerImageTags.Tag)
            .WithImageRegistry(RabbitMQContainerImageTags.Registry)
            .WithIconName("MailMultiple")
            .WithEndpoint(port: port, targetPort: 5672, name: RabbitMQServerResource.PrimaryEndpointName)
            .WithEnvironment(context =>
            {
                context.EnvironmentVariables["RABBITMQ_DEFAULT_USER"] = server.UserNameReference;
                context.EnvironmentVariables["RABBITMQ_DEFAULT_PASS"] = server.PasswordParameter;
            })
            .WithHealthCheck(healthCheckKey);
    }

    /// <summary>Keeps the server's data in a named volume.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="name">The volume's name; <see langword="null"/> makes one from the AppHost and the resource.</param>
    /// <param name="isReadOnly">Whether the server may only read it.</param>
    public static IResourceBuilder<RabbitMQServerResource> WithDataVolume(
        this IResourceBuilder<RabbitMQServerResource> builder, string? name = null, bool isReadOnly = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithVolume(name ?? VolumeNameGenerator.Generate(builder, "data"), DataFolderInImage, isReadOnly).WithStableNodeName();
    }

    /// <summary>Keeps the server's data in a folder of this machine.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="source">The folder, absolute or relative to the AppHost's.</param>
    /// <param name="isReadOnly">Whether the server may only read it.</param>
    /// <exception cref="ArgumentException">The folder is missing.</exception>
    public static IResourceBuilder<RabbitMQServerResource> WithDataBindMount(
        this IResourceBuilder<RabbitMQServerResource> builder, string source, bool isReadOnly = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(source);
        return builder.WithBindMount(source, DataFolderInImage, isReadOnly).WithStableNodeName();
    }

    /// <summary>Adds the web pages for operators at the endpoint <c>management</c>, on a port that the system chooses.</summary>
    /// <param name="builder">The server.</param>
    /// <exception cref="DistributedApplicationException">The image is not one whose variant with the plugin is known.</exception>
    public static IResourceBuilder<RabbitMQServerResource> WithManagementPlugin(this IResourceBuilder<RabbitMQServerResource> builder) =>
        builder.WithManagementPlugin(port: null);

    /// <summary>Adds the web pages for operators at the endpoint <c>management</c>.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="port">The port on this machine; <see langword="null"/> lets the system choose.</param>
    /// <exception cref="DistributedApplicationException">The image is not one whose variant with the plugin is known.</exception>
    public static IResourceBuilder<RabbitMQServerResource> WithManagementPlugin(this IResourceBuilder<RabbitMQServerResource> builder, int? port)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var image = builder.Resource.Annotations.OfType<ContainerImageAnnotation>().SingleOrDefault();
        if (image is not { Registry: RabbitMQContainerImageTags.Registry }
            || !string.Equals(image.Image, RabbitMQContainerImageTags.Image, StringComparison.OrdinalIgnoreCase)
            || WithManagement(image.Tag) is not { } tag)
        {
            throw new DistributedApplicationException(
                $"The resource '{builder.Resource.Name}' cannot have the management plugin: no variant with it is known of the image {image?.Image}:{image?.Tag}.");
        }

        image.Tag = tag;
        return builder.WithHttpEndpoint(port: port, targetPort: 15672, name: RabbitMQServerResource.ManagementEndpointName);
    }

    /// <summary>The tag of the variant with the plugin (https://hub.docker.com/_/rabbitmq); null where none is known.</summary>
    private static string? WithManagement(string? tag)
    {
        const StringComparison ignoreCase = StringComparison.OrdinalIgnoreCase;
        return tag switch
        {
            null or "" => RabbitMQContainerImageTags.ManagementTag,
            _ when tag.EndsWith(Management, ignoreCase) || tag.EndsWith($"{Management}-{Alpine}", ignoreCase) => tag,
            _ when tag.Equals(Alpine, ignoreCase) => $"{Management}-{Alpine}",
            _ when tag.EndsWith($"-{Alpine}", ignoreCase) => $"{tag[..^(Alpine.Length + 1)]}-{Management}-{Alpine}",
            _ when Version().IsMatch(tag) => $"{tag}-{Management}",
            _ => null,
        };
    }

    // The name is part of where a node keeps its queues, and a container's host name is another each time.
    private static IResourceBuilder<RabbitMQServerResource> WithStableNodeName(this IResourceBuilder<RabbitMQServerResource> builder) =>
        builder.ApplicationBuilder.ExecutionContext.IsRunMode
            ? builder.WithEnvironment(context => context.EnvironmentVariables["RABBITMQ_NODENAME"] = $"{builder.Resource.Name}@localhost")
            : builder;

    [GeneratedRegex("^[0-9]+([.][0-9]+)*$", RegexOptions.ExplicitCapture)]
    private static partial Regex Version();
}
