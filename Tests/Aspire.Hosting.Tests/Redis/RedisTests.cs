using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Tests.Redis;

public sealed class RedisTests
{
    [Fact]
    public async Task A_server_has_a_connection_string_for_StackExchange_Redis()
    {
        var builder = Builder();
        var redis = Allocated(builder.AddRedis("cache"), 6380);

        Assert.Equal("127.0.0.1:6380,password=se cret/1", await redis.Resource.GetConnectionStringAsync());
        Assert.Equal("redis://:se%20cret%2F1@127.0.0.1:6380", await redis.Resource.UriExpression.GetValueAsync(CancellationToken.None));
        Assert.Equal("{cache.bindings.tcp.host}:{cache.bindings.tcp.port},password={cache-password.value}", redis.Resource.ConnectionStringExpression.ValueExpression);
        Assert.False(redis.Resource.TlsEnabled);
    }

    [Fact]
    public async Task Without_a_password_nothing_speaks_of_one()
    {
        var builder = Builder();
        var redis = Allocated(builder.AddRedis("cache").WithPassword(null), 6380);

        Assert.Equal("127.0.0.1:6380", await redis.Resource.GetConnectionStringAsync());
        Assert.Equal("redis://127.0.0.1:6380", await redis.Resource.UriExpression.GetValueAsync(CancellationToken.None));
        Assert.Equal(["Host", "Port", "Uri"], ((IResourceWithConnectionString)redis.Resource).GetConnectionProperties().Select(property => property.Key));
    }

    [Fact]
    public async Task A_generated_password_has_no_character_that_ends_it_in_a_connection_string()
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { DisableDashboard = true });
        var password = await builder.AddRedis("fresh").Resource.PasswordParameter!.GetValueAsync(CancellationToken.None);

        Assert.Matches("^[A-Za-z0-9]{22,}$", password);
    }

    [Fact]
    public async Task Published_it_is_a_container_whose_shell_puts_the_password_in()
    {
        var resources = await PublishedManifest.OfAsync(builder => builder.AddRedis("cache").WithDataVolume("cached").WithPersistence(TimeSpan.FromSeconds(5), 3));
        var cache = resources["cache"]!;

        Assert.Equal("container.v0", (string?)cache["type"]);
        Assert.Equal("docker.io/library/redis:8.6", (string?)cache["image"]);
        Assert.Equal("/bin/sh", (string?)cache["entrypoint"]);
        Assert.Equal("""["-c","redis-server --requirepass $REDIS_PASSWORD --save 5 3"]""", PublishedManifest.Text(cache["args"]));
        Assert.Equal("""[{"name":"cached","target":"/data","readOnly":false}]""", PublishedManifest.Text(cache["volumes"]));
        Assert.Equal("""{"REDIS_PASSWORD":"{cache-password.value}"}""", PublishedManifest.Text(cache["env"]));
    }

    [Fact]
    public void A_folder_that_may_only_be_read_gets_no_snapshots()
    {
        var builder = Builder();
        var readOnly = builder.AddRedis("a").WithDataBindMount("/there", isReadOnly: true);
        var writable = builder.AddRedis("b").WithDataBindMount("/there");

        Assert.DoesNotContain("--save", Arguments(readOnly.Resource));
        Assert.Equal(["redis-server", "--requirepass", "$REDIS_PASSWORD", "--save", "60", "1"], Arguments(writable.Resource));
    }

    [Fact]
    public async Task Is_unhealthy_while_nothing_answers_and_says_why()
    {
        var builder = Builder();
        var redis = Allocated(builder.AddRedis("cache", port: 6380), ClosedPort.Get());
        await using var app = builder.Build();

        await builder.Eventing.PublishAsync(new ConnectionStringAvailableEvent(redis.Resource, app.Services));
        var report = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.Equal(HealthStatus.Unhealthy, report.Entries["cache_check"].Status);
        Assert.Contains("connect", report.Entries["cache_check"].Description, StringComparison.OrdinalIgnoreCase);
    }

    private static IDistributedApplicationBuilder Builder()
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { DisableDashboard = true });
        builder.Configuration["Parameters:cache-password"] = "se cret/1";
        return builder;
    }

    private static IResourceBuilder<RedisResource> Allocated(IResourceBuilder<RedisResource> redis, int port)
    {
        var endpoint = redis.Resource.Annotations.OfType<EndpointAnnotation>().Single(endpoint => endpoint.Name == "tcp");
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "127.0.0.1", port);
        return redis;
    }

    private static List<object> Arguments(RedisResource redis)
    {
        List<object> arguments = [];
        var context = new CommandLineArgsCallbackContext(arguments, redis) { ExecutionContext = new(DistributedApplicationOperation.Run) };
        foreach (var annotation in redis.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
        {
            Assert.True(annotation.Callback(context).IsCompletedSuccessfully);
        }

        return arguments;
    }
}
