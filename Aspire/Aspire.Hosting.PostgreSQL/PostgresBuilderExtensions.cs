using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Adds PostgreSQL servers and databases to an AppHost.</summary>
public static class PostgresBuilderExtensions
{
    /// <summary>Adds a PostgreSQL server. It is ready when it lets its superuser in and answers a query.</summary>
    /// <param name="builder">The AppHost's builder.</param>
    /// <param name="name">The resource's name, which is also the connection string's.</param>
    /// <param name="userName">The superuser's name; <see langword="null"/> means <c>postgres</c>.</param>
    /// <param name="password">The superuser's password; <see langword="null"/> generates the parameter <c>(name)-password</c>.</param>
    /// <param name="port">The port on this machine; <see langword="null"/> lets the system choose.</param>
    /// <exception cref="ArgumentException">The name is missing.</exception>
    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        var passwordParameter = password?.Resource
            ?? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-password");
        var server = new PostgresServerResource(name, userName?.Resource, passwordParameter);

        string? connectionString = null;
        builder.Eventing.Subscribe<ConnectionStringAvailableEvent>(server, async (_, cancellationToken) =>
        {
            var known = await server.GetConnectionStringAsync(cancellationToken).ConfigureAwait(false)
                ?? throw new DistributedApplicationException($"The resource '{name}' says that its connection string is available, but it has none.");
            // A connection without a database would look for one with the user's name.
            connectionString = $"{known};Database=postgres";
        });
        builder.Eventing.Subscribe<ResourceReadyEvent>(server, async (ready, cancellationToken) =>
        {
            var databases = builder.Resources.OfType<PostgresDatabaseResource>().Where(database => database.Parent == server);
            await PostgresDatabaseCreation.CreateDatabasesAsync(
                connectionString ?? throw new DistributedApplicationException($"The resource '{name}' is ready, but its connection string is not known."),
                databases,
                ready.Services.GetRequiredService<ResourceLoggerService>().GetLogger(server),
                cancellationToken).ConfigureAwait(false);
        });

        return builder.AddResource(server)
            .WithEndpoint(port: port, targetPort: 5432, name: PostgresServerResource.PrimaryEndpointName)
            .WithImage(PostgresContainerImageTags.Image, PostgresContainerImageTags.Tag)
            .WithImageRegistry(PostgresContainerImageTags.Registry)
            .WithEnvironment("POSTGRES_HOST_AUTH_METHOD", "scram-sha-256")
            .WithEnvironment("POSTGRES_INITDB_ARGS", "--auth-host=scram-sha-256 --auth-local=scram-sha-256")
            // Read late: WithUserName and WithPassword may still change them.
            .WithEnvironment(context =>
            {
                context.EnvironmentVariables["POSTGRES_USER"] = server.UserNameReference;
                context.EnvironmentVariables["POSTGRES_PASSWORD"] = server.PasswordParameter;
            })
            .WithHealthCheck(AddHealthCheck(builder, name, () => connectionString));
    }

    /// <summary>Adds a database to a server; it is created when the server becomes ready, unless it is there.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="name">The resource's name, which is also the connection string's.</param>
    /// <param name="databaseName">The database's name on the server; <see langword="null"/> means <paramref name="name"/>.</param>
    /// <exception cref="ArgumentException">The name is missing.</exception>
    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
        this IResourceBuilder<PostgresServerResource> builder, [ResourceName] string name, string? databaseName = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        var database = new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource);
        builder.Resource.AddDatabase(name, database.DatabaseName);

        string? connectionString = null;
        builder.ApplicationBuilder.Eventing.Subscribe<ConnectionStringAvailableEvent>(database, async (_, cancellationToken) =>
            connectionString = await database.ConnectionStringExpression.GetValueAsync(cancellationToken).ConfigureAwait(false)
                ?? throw new DistributedApplicationException($"The resource '{name}' says that its connection string is available, but it has none."));

        return builder.ApplicationBuilder.AddResource(database)
            .WithHealthCheck(AddHealthCheck(builder.ApplicationBuilder, name, () => connectionString));
    }

    /// <summary>Gives the SQL that creates the database, in place of a plain CREATE DATABASE.</summary>
    /// <param name="builder">The database.</param>
    /// <param name="script">The SQL. It runs on the server's database <c>postgres</c>, so it cannot make tables in the new one.</param>
    public static IResourceBuilder<PostgresDatabaseResource> WithCreationScript(this IResourceBuilder<PostgresDatabaseResource> builder, string script)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(script);
        return builder.WithAnnotation(new PostgresCreationScriptAnnotation(script));
    }

    /// <summary>Keeps the data in a named volume.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="name">The volume's name; <see langword="null"/> makes one from the AppHost and the resource.</param>
    /// <param name="isReadOnly">Whether the server may only read it.</param>
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(
        this IResourceBuilder<PostgresServerResource> builder, string? name = null, bool isReadOnly = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithVolume(name ?? VolumeNameGenerator.Generate(builder, "data"), DataFolderInImage(builder.Resource), isReadOnly);
    }

    /// <summary>Keeps the data in a folder of this machine.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="source">The folder, absolute or relative to the AppHost's.</param>
    /// <param name="isReadOnly">Whether the server may only read it.</param>
    /// <exception cref="ArgumentException">The folder is missing.</exception>
    public static IResourceBuilder<PostgresServerResource> WithDataBindMount(
        this IResourceBuilder<PostgresServerResource> builder, string source, bool isReadOnly = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(source);
        return builder.WithBindMount(source, DataFolderInImage(builder.Resource), isReadOnly);
    }

    /// <summary>Gives the superuser's password.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="password">The parameter with the password.</param>
    public static IResourceBuilder<PostgresServerResource> WithPassword(
        this IResourceBuilder<PostgresServerResource> builder, IResourceBuilder<ParameterResource> password)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(password);
        builder.Resource.PasswordParameter = password.Resource;
        return builder;
    }

    /// <summary>Gives the superuser's name.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="userName">The parameter with the name.</param>
    public static IResourceBuilder<PostgresServerResource> WithUserName(
        this IResourceBuilder<PostgresServerResource> builder, IResourceBuilder<ParameterResource> userName)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(userName);
        builder.Resource.UserNameParameter = userName.Resource;
        return builder;
    }

    /// <summary>Fixes the port on this machine.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="port">The port; <see langword="null"/> lets the system choose.</param>
    public static IResourceBuilder<PostgresServerResource> WithHostPort(this IResourceBuilder<PostgresServerResource> builder, int? port)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithEndpoint(PostgresServerResource.PrimaryEndpointName, endpoint => endpoint.Port = port);
    }

    private static string AddHealthCheck(IDistributedApplicationBuilder builder, string resourceName, Func<string?> connectionString)
    {
        var key = $"{resourceName}_check";
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            key, _ => new PostgresHealthCheck(connectionString), failureStatus: HealthStatus.Unhealthy, tags: null));
        return key;
    }

    // The image keeps its data one folder higher since version 18: https://github.com/docker-library/postgres/pull/1259
    private static string DataFolderInImage(PostgresServerResource server)
    {
        var tag = server.TryGetLastAnnotation<ContainerImageAnnotation>(out var image) ? image.Tag ?? PostgresContainerImageTags.Tag : "";
        return int.TryParse(tag.Split('-', '.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) && major >= 18
            ? "/var/lib/postgresql"
            : "/var/lib/postgresql/data";
    }
}
