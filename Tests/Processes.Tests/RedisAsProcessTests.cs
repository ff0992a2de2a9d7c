using StackExchange.Redis;

namespace Trellis.Hosting.Processes.Tests;

public sealed class RedisAsProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("redis-server")]
    [InlineData("garnet")]
    public async Task Becomes_healthy_and_lets_in_only_who_knows_the_parameters_password(string server)
    {
        var builder = RunningApp.Builder(_folder, ("Processes:Redis:Server", server));
        var redis = builder.AddRedis("cache").RunAsProcess();
        await using (var app = RunningApp.Start(builder, redis.Resource))
        {
            await app.HealthyAsync("cache");

            var options = ConfigurationOptions.Parse((await redis.Resource.GetConnectionStringAsync())!);
            await using (var connection = await ConnectionMultiplexer.ConnectAsync(options))
            {
                Assert.True(await connection.GetDatabase().StringSetAsync("key", "value"));
            }

            options.Password = "guessed";
            options.ConnectRetry = 0;
            await Assert.ThrowsAsync<RedisConnectionException>(() => ConnectionMultiplexer.ConnectAsync(options));
        }

        Assert.Empty(SystemProcess.Of(_folder.Path));
    }

    [Theory]
    [InlineData("redis-server")]
    [InlineData("garnet")]
    public async Task Keeps_its_data_in_a_volume(string server)
    {
        Assert.True((await RunAsync(cache => cache.StringGetAsync("key"), writes: true)).IsNull);
        Assert.Equal("value", await RunAsync(cache => cache.StringGetAsync("key"), writes: false));
        Assert.True(Directory.Exists(_folder["kept-here"]));

        async Task<RedisValue> RunAsync(Func<IDatabase, Task<RedisValue>> read, bool writes)
        {
            var builder = RunningApp.Builder(_folder, ("Processes:Redis:Server", server));
            var redis = builder.AddRedis("cache").WithDataVolume("kept-here").RunAsProcess();
            await using var app = RunningApp.Start(builder, redis.Resource);
            await app.HealthyAsync("cache");
            await using var connection = await ConnectionMultiplexer.ConnectAsync((await redis.Resource.GetConnectionStringAsync())!);
            var value = await read(connection.GetDatabase());
            if (writes)
            {
                await connection.GetDatabase().StringSetAsync("key", "value");
            }

            return value;
        }
    }

    [Fact]
    public async Task In_a_test_its_port_is_not_the_one_that_the_model_fixes()
    {
        var builder = RunningApp.Builder(_folder, ("DcpPublisher:RandomizePorts", "true"));
        var redis = builder.AddRedis("cache").WithHostPort(6379).RunAsProcess();
        await using var app = RunningApp.Start(builder, redis.Resource);

        await app.HealthyAsync("cache");

        Assert.NotEqual(6379, redis.GetEndpoint("tcp").Port);
    }

    [Fact]
    public async Task Without_a_password_everybody_on_this_machine_is_let_in()
    {
        var builder = RunningApp.Builder(_folder);
        var redis = builder.AddRedis("cache").WithPassword(null).RunAsProcess();
        await using var app = RunningApp.Start(builder, redis.Resource);

        await app.HealthyAsync("cache");

        Assert.Matches("^127\\.0\\.0\\.1:[0-9]+$", await redis.Resource.GetConnectionStringAsync());
    }

    [Theory]
    [InlineData("valkey", "The setting Processes:Redis:Server is 'valkey'. It can be 'redis-server' or 'garnet'.")]
    public async Task Says_what_is_wrong_in_its_log_and_state(string server, string message)
    {
        var builder = RunningApp.Builder(_folder, ("Processes:Redis:Server", server));
        var redis = builder.AddRedis("cache").RunAsProcess();
        await using var app = RunningApp.Start(builder, redis.Resource);

        var state = await app.StateAsync("cache", state => KnownResourceStates.TerminalStates.Contains(state.State?.Text));

        Assert.Equal(69, state.ExitCode);
        await app.LogsAsync(message);
    }
}
