using System.Globalization;
using StackExchange.Redis;

namespace Trellis.Hosting.Processes.Tests;

public sealed class RedisLauncherTests : IDisposable
{
    private const string Ready = "Ready to accept connections";

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePort.Next();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("redis-server")]
    [InlineData("garnet")]
    public async Task Lets_in_who_knows_the_password_which_no_command_line_shows(string server)
    {
        using var launcher = Launch(server, "se\"cr\\et $HOME");
        await launcher.PrintsAsync(Ready);

        await using var connection = await ConnectAsync("se\"cr\\et $HOME");
        Assert.True(await connection.GetDatabase().StringSetAsync("key", "value"));
        Assert.Equal(5, (int)await connection.GetDatabase().ScriptEvaluateAsync("return 2 + 3"));
        await Assert.ThrowsAsync<RedisConnectionException>(() => ConnectAsync("wrong"));
        Assert.DoesNotContain(SystemProcess.Of(_port.ToString(CultureInfo.InvariantCulture)), process => process.CommandLine.Contains("se\"cr", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("redis-server")]
    [InlineData("garnet")]
    public async Task Keeps_the_data_from_run_to_run_only_when_asked_to(string server)
    {
        Assert.Equal("value", await WriteThenReadInTheNextRunAsync(server, "--save", "1", "1"));
        Directory.Delete(_folder["data"], recursive: true);
        Assert.Null(await WriteThenReadInTheNextRunAsync(server));
    }

    [Theory]
    [InlineData("redis-server")]
    [InlineData("garnet")]
    public async Task Stops_at_once_although_a_client_is_connected(string server)
    {
        using var launcher = Launch(server, "secret");
        await launcher.PrintsAsync(Ready);
        await using var connection = await ConnectAsync("secret");

        SystemProcess.Signal(launcher.Id, "TERM");

        Assert.Equal(0, await launcher.ExitsAsync(seconds: 2));
        Assert.Empty(SystemProcess.Of(_folder.Path));
    }

    [Theory]
    [InlineData("redis-server")]
    [InlineData("garnet")]
    public async Task Ends_when_the_launcher_is_killed(string server)
    {
        using var launcher = Launch(server, "secret");
        await launcher.PrintsAsync(Ready);

        SystemProcess.Signal(launcher.Id, "KILL");

        await Eventually.TrueAsync(() => SystemProcess.Of(_folder.Path).Length == 0, "no process is left", seconds: 5);
    }

    [Fact]
    public async Task Says_by_which_signal_the_server_ended()
    {
        using var launcher = Launch("redis-server", "secret");
        await launcher.PrintsAsync(Ready);

        SystemProcess.Signal(Assert.Single(SystemProcess.Of("redis-server"), process => process.ParentId == launcher.Id).Id, "KILL");

        Assert.Equal(128 + 9, await launcher.ExitsAsync());
        Assert.Contains("The server was ended by signal 9.", launcher.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Garnet_says_which_options_it_does_not_know()
    {
        using var launcher = Launch("garnet", "secret", "--loadmodule", "/there.so");

        Assert.Equal(64, await launcher.ExitsAsync());
        Assert.Contains("does not understand '--loadmodule'", launcher.Output, StringComparison.Ordinal);
        Assert.Contains("Install redis-server", launcher.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fails_with_a_message_when_the_port_is_taken_or_the_server_missing()
    {
        using var first = Launch("garnet", "secret");
        await first.PrintsAsync(Ready);
        using var second = Launch("garnet", "secret");
        using var missing = new LauncherProcess("run-redis.sh", ["--server", "/nowhere/redis", "--data", _folder["data"], "--port", "1"]);

        Assert.Equal(1, await second.ExitsAsync());
        Assert.Contains($"Garnet cannot serve on 127.0.0.1:{_port}", second.Output, StringComparison.Ordinal);
        Assert.Equal(69, await missing.ExitsAsync());
        Assert.Contains("/nowhere/redis cannot be found", missing.Output, StringComparison.Ordinal);
    }

    private async Task<string?> WriteThenReadInTheNextRunAsync(string server, params string[] extra)
    {
        using (var first = Launch(server, "secret", extra))
        {
            await first.PrintsAsync(Ready);
            await using var connection = await ConnectAsync("secret");
            await connection.GetDatabase().StringSetAsync("key", "value");
            SystemProcess.Signal(first.Id, "TERM");
            Assert.Equal(0, await first.ExitsAsync());
        }

        using var second = Launch(server, "secret", extra);
        await second.PrintsAsync(Ready);
        await using var again = await ConnectAsync("secret");
        return await again.GetDatabase().StringGetAsync("key");
    }

    private LauncherProcess Launch(string server, string password, params string[] extra) => new(
        "run-redis.sh",
        ["--server", PathOf(server), "--data", _folder["data"], "--port", _port.ToString(CultureInfo.InvariantCulture), "--", .. extra],
        new Dictionary<string, string> { ["REDIS_PASSWORD"] = password });

    private static string PathOf(string server) => server == "garnet" ? BuiltPaths.Garnet ?? throw new InvalidOperationException("Garnet was not built.") : server;

    private Task<ConnectionMultiplexer> ConnectAsync(string password) => ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions
    {
        EndPoints = { { "127.0.0.1", _port } },
        Password = password,
        ConnectRetry = 0,
        ConnectTimeout = 5000,
    });
}
