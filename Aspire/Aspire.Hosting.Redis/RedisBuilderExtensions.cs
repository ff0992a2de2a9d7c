using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Adds Redis servers to an AppHost.</summary>
public static class RedisBuilderExtensions
{
    private const string DataFolderInImage = "/data";

    /// <summary>Adds a Redis server with a generated password. It is ready when it lets us in and answers PING.</summary>
    /// <param name="builder">The AppHost's builder.</param>
    /// <param name="name">The resource's name, which is also the connection string's.</param>
    /// <param name="port">The port on this machine; <see langword="null"/> lets the system choose.</param>
    public static IResourceBuilder<RedisResource> AddRedis(this IDistributedApplicationBuilder builder, [ResourceName] string name, int? port) =>
        builder.AddRedis(name, port, password: null);

    /// <summary>Adds a Redis server. It is ready when it lets us in and answers PING.</summary>
    /// <param name="builder">The AppHost's builder.</param>
    /// <param name="name">The resource's name, which is also the connection string's.</param>
    /// <param name="port">The port on this machine; <see langword="null"/> lets the system choose.</param>
    /// <param name="password">The password; <see langword="null"/> generates the parameter <c>(name)-password</c>.</param>
    /// <exception cref="ArgumentException">The name is missing.</exception>
    public static IResourceBuilder<RedisResource> AddRedis(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        int? port = null,
        IResourceBuilder<ParameterResource>? password = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        // Letters and digits only: a comma would end the password in the connection string.
        // https://github.com/StackExchange/StackExchange.Redis/issues/680
        var passwordParameter = password?.Resource
            ?? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-password", special: false);
        var redis = new RedisResource(name, passwordParameter);

        string? connectionString = null;
        builder.Eventing.Subscribe<ConnectionStringAvailableEvent>(redis, async (_, cancellationToken) =>
            connectionString = await redis.GetConnectionStringAsync(cancellationToken).ConfigureAwait(false)
                ?? throw new DistributedApplicationException($"The resource '{name}' says that its connection string is available, but it has none."));

        var healthCheckKey = $"{name}_check";
        var healthCheck = new RedisHealthCheck(() => connectionString);
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(healthCheckKey, healthCheck, HealthStatus.Unhealthy, tags: null));

        return builder.AddResource(redis)
            .WithEndpoint(port: port, targetPort: 6379, scheme: RedisResource.Scheme, name: RedisResource.PrimaryEndpointName)
            .WithImage(RedisContainerImageTags.Image, RedisContainerImageTags.Tag)
            .WithImageRegistry(RedisContainerImageTags.Registry)
            .WithHealthCheck(healthCheckKey)
            .WithEntrypoint("/bin/sh")
            .WithEnvironment(context =>
            {
                if (redis.PasswordParameter is { } current)
                {
                    context.EnvironmentVariables["REDIS_PASSWORD"] = current;
                }
            })
            .WithArgs(context =>
            {
                var command = ServerCommand(redis);
                if (context.ExecutionContext.IsRunMode)
                {
                    command.ForEach(context.Args.Add);
                }
                else
                {
                    context.Args.Add("-c");
                    context.Args.Add(string.Join(' ', command));
                }
            });
    }

    /// <summary>Keeps snapshots in a named volume, and makes them as <see cref="WithPersistence"/> does unless it is read-only.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="name">The volume's name; <see langword="null"/> makes one from the AppHost and the resource.</param>
    /// <param name="isReadOnly">Whether the server may only read it.</param>
    public static IResourceBuilder<RedisResource> WithDataVolume(this IResourceBuilder<RedisResource> builder, string? name = null, bool isReadOnly = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.WithVolume(name ?? VolumeNameGenerator.Generate(builder, "data"), DataFolderInImage, isReadOnly);
        return isReadOnly ? builder : builder.WithPersistence();
    }

    /// <summary>Keeps snapshots in a folder of this machine, and makes them as <see cref="WithPersistence"/> does unless it is read-only.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="source">The folder, absolute or relative to the AppHost's.</param>
    /// <param name="isReadOnly">Whether the server may only read it.</param>
    /// <exception cref="ArgumentException">The folder is missing.</exception>
    public static IResourceBuilder<RedisResource> WithDataBindMount(this IResourceBuilder<RedisResource> builder, string source, bool isReadOnly = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(source);
        builder.WithBindMount(source, DataFolderInImage, isReadOnly);
        return isReadOnly ? builder : builder.WithPersistence();
    }

    /// <summary>Makes snapshots of the data.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="interval">The time between two snapshots; <see langword="null"/> means 60 seconds.</param>
    /// <param name="keysChangedThreshold">How many keys must have changed for a snapshot to be made.</param>
    public static IResourceBuilder<RedisResource> WithPersistence(
        this IResourceBuilder<RedisResource> builder, TimeSpan? interval = null, long keysChangedThreshold = 1)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(
            new RedisPersistenceAnnotation(interval ?? TimeSpan.FromSeconds(60), keysChangedThreshold), ResourceAnnotationMutationBehavior.Replace);
    }

    /// <summary>Gives the password that clients must give.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="password">The parameter with the password; <see langword="null"/> lets everybody in.</param>
    public static IResourceBuilder<RedisResource> WithPassword(
        this IResourceBuilder<RedisResource> builder, IResourceBuilder<ParameterResource>? password)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Resource.SetPassword(password?.Resource);
        return builder;
    }

    /// <summary>Fixes the port on this machine.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="port">The port; <see langword="null"/> lets the system choose.</param>
    public static IResourceBuilder<RedisResource> WithHostPort(this IResourceBuilder<RedisResource> builder, int? port)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithEndpoint(RedisResource.PrimaryEndpointName, endpoint => endpoint.Port = port);
    }

    // Words for a shell: it puts the password in, so that no published file holds it.
    private static List<string> ServerCommand(RedisResource redis)
    {
        List<string> command = ["redis-server"];
        if (redis.PasswordParameter is not null)
        {
            command.AddRange(["--requirepass", "$REDIS_PASSWORD"]);
        }

        if (redis.TryGetLastAnnotation<RedisPersistenceAnnotation>(out var persistence))
        {
            command.AddRange([
                "--save",
                persistence.Interval.TotalSeconds.ToString(CultureInfo.InvariantCulture),
                persistence.KeysChangedThreshold.ToString(CultureInfo.InvariantCulture)]);
        }

        return command;
    }
}
