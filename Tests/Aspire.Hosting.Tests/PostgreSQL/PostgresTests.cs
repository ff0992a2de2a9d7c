using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Tests.PostgreSQL;

public sealed class PostgresTests
{
    [Fact]
    public async Task A_server_has_a_connection_string_for_Npgsql()
    {
        var builder = Builder();
        var server = Allocated(builder.AddPostgres("pg"), 5433);

        Assert.Equal("Host=127.0.0.1;Port=5433;Username=postgres;Password=se cret/1", await server.Resource.GetConnectionStringAsync());
        Assert.Equal("Host={pg.bindings.tcp.host};Port={pg.bindings.tcp.port};Username=postgres;Password={pg-password.value}", server.Resource.ConnectionStringExpression.ValueExpression);
    }

    [Fact]
    public async Task A_database_adds_its_name_to_the_servers_connection_string()
    {
        var builder = Builder();
        var server = Allocated(builder.AddPostgres("pg"), 5433);
        var database = server.AddDatabase("catalogdb", "my;db");

        Assert.Equal("Host=127.0.0.1;Port=5433;Username=postgres;Password=se cret/1;Database=\"my;db\"", await ConnectionStringAsync(database.Resource));
        Assert.Equal("{pg.connectionString};Database=\"my;db\"", database.Resource.ConnectionStringExpression.ValueExpression);
        Assert.Equal("my;db", server.Resource.Databases["catalogdb"]);
        Assert.Same(server.Resource, database.Resource.Parent);
    }

    [Fact]
    public async Task Connection_properties_of_a_database_are_the_servers_with_its_own_in_their_place()
    {
        var builder = Builder();
        var server = Allocated(builder.AddPostgres("pg"), 5433);
        IResourceWithConnectionString database = server.AddDatabase("catalogdb").Resource;

        var properties = new List<string>();
        foreach (var (name, expression) in database.GetConnectionProperties())
        {
            properties.Add($"{name}={await expression.GetValueAsync(CancellationToken.None)}");
        }

        Assert.Equal(
            [
                "Host=127.0.0.1", "Port=5433", "Username=postgres", "Password=se cret/1", "Uri=postgresql://postgres:se%20cret%2F1@127.0.0.1:5433/catalogdb",
                "JdbcConnectionString=jdbc:postgresql://127.0.0.1:5433/catalogdb", "DatabaseName=catalogdb",
            ],
            properties);
    }

    [Fact]
    public async Task User_name_and_password_come_from_the_parameters_that_the_author_gives()
    {
        var builder = Builder();
        builder.Configuration["Parameters:user"] = "shop";
        builder.Configuration["Parameters:pw"] = "other";
        var server = Allocated(
            builder.AddPostgres("pg").WithUserName(builder.AddParameter("user")).WithPassword(builder.AddParameter("pw", secret: true)).WithHostPort(6000), 6000);

        Assert.Equal("Host=127.0.0.1;Port=6000;Username=shop;Password=other", await server.Resource.GetConnectionStringAsync());
        Assert.Equal("postgresql://shop:other@127.0.0.1:6000", await server.Resource.UriExpression.GetValueAsync(CancellationToken.None));
        Assert.Equal(6000, Endpoint(server.Resource).Port);
    }

    [Theory]
    [InlineData("18.3", "/var/lib/postgresql")]
    [InlineData("18-alpine", "/var/lib/postgresql")]
    [InlineData("17.6", "/var/lib/postgresql/data")]
    [InlineData("latest", "/var/lib/postgresql/data")]
    public void Data_is_kept_where_the_image_of_that_version_looks_for_it(string tag, string folder)
    {
        var builder = Builder();
        var volume = builder.AddPostgres("a").WithImageTag(tag).WithDataVolume("data", isReadOnly: true).Resource.Annotations.OfType<ContainerMountAnnotation>().Single();
        var bindMount = builder.AddPostgres("b").WithImageTag(tag).WithDataBindMount("/there").Resource.Annotations.OfType<ContainerMountAnnotation>().Single();

        Assert.Equal(("data", folder, ContainerMountType.Volume, true), (volume.Source, volume.Target, volume.Type, volume.IsReadOnly));
        Assert.Equal(("/there", folder, ContainerMountType.BindMount, false), (bindMount.Source, bindMount.Target, bindMount.Type, bindMount.IsReadOnly));
    }

    [Fact]
    public async Task Published_it_is_a_container_and_its_database_a_value()
    {
        var resources = await PublishedManifest.OfAsync(builder => builder.AddPostgres("pg").AddDatabase("catalogdb"));

        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""
                {
                  "type": "container.v0",
                  "connectionString": "Host={pg.bindings.tcp.host};Port={pg.bindings.tcp.port};Username=postgres;Password={pg-password.value}",
                  "image": "docker.io/library/postgres:18.3",
                  "env": {
                    "POSTGRES_HOST_AUTH_METHOD": "scram-sha-256",
                    "POSTGRES_INITDB_ARGS": "--auth-host=scram-sha-256 --auth-local=scram-sha-256",
                    "POSTGRES_USER": "postgres",
                    "POSTGRES_PASSWORD": "{pg-password.value}"
                  },
                  "bindings": { "tcp": { "scheme": "tcp", "protocol": "tcp", "transport": "tcp", "targetPort": 5432 } }
                }
                """),
            resources["pg"]), resources["pg"]?.ToJsonString());
        Assert.Equal("""{"type":"value.v0","connectionString":"{pg.connectionString};Database=catalogdb"}""", resources["catalogdb"]?.ToJsonString());
        Assert.Equal("parameter.v0", (string?)resources["pg-password"]?["type"]);
    }

    [Fact]
    public async Task Is_unhealthy_while_nothing_answers_and_says_why()
    {
        var builder = Builder();
        var server = Allocated(builder.AddPostgres("pg"), ClosedPort.Get());
        await using var app = builder.Build();

        var before = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        await builder.Eventing.PublishAsync(new ConnectionStringAvailableEvent(server.Resource, app.Services));
        var after = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.Equal((HealthStatus.Unhealthy, "The connection string is not known yet."), (before.Entries["pg_check"].Status, before.Entries["pg_check"].Description));
        Assert.Equal(HealthStatus.Unhealthy, after.Entries["pg_check"].Status);
        Assert.Contains("connect", after.Entries["pg_check"].Description, StringComparison.OrdinalIgnoreCase);
    }

    private static IDistributedApplicationBuilder Builder()
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { DisableDashboard = true });
        builder.Configuration["Parameters:pg-password"] = "se cret/1";
        return builder;
    }

    private static IResourceBuilder<PostgresServerResource> Allocated(IResourceBuilder<PostgresServerResource> server, int port)
    {
        var endpoint = Endpoint(server.Resource);
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "127.0.0.1", port);
        return server;
    }

    private static EndpointAnnotation Endpoint(PostgresServerResource server) => server.Annotations.OfType<EndpointAnnotation>().Single(endpoint => endpoint.Name == "tcp");

    private static ValueTask<string?> ConnectionStringAsync(IResourceWithConnectionString resource) => resource.GetConnectionStringAsync();
}
