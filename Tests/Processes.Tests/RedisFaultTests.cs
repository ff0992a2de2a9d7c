using System.Globalization;
using StackExchange.Redis;

namespace Trellis.Hosting.Processes.Tests;

/// <summary>What kill -9 and damaged files leave of Redis and Garnet.</summary>
public sealed class RedisFaultTests : IDisposable
{
    private const string Ready = "Ready to accept connections";

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePort.Next();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("redis-server", "--appendonly", "yes", "--appendfsync", "always")]
    [InlineData("redis-server", "--save", "60", "1")]
    [InlineData("garnet", "--save", "60", "1")]
    public async Task Killed_while_a_client_writes_it_keeps_what_its_settings_promise_and_starts_again(string server, params string[] settings)
    {
        var acknowledged = 0;
        var saved = 0;
        using (var launcher = Launch(server, settings))
        {
            await launcher.PrintsAsync(Ready);
            await using var connection = await ConnectAsync();
            for (; acknowledged < 200; acknowledged++)
            {
                await connection.GetDatabase().StringSetAsync($"key{acknowledged}", "value");
            }

            saved = settings[0] == "--save" ? acknowledged : int.MaxValue;
            if (settings[0] == "--save" && server == "redis-server")
            {
                await connection.GetDatabase().ExecuteAsync("SAVE");
            }

            var work = Task.Run(async () =>
            {
                try
                {
                    while (await connection.GetDatabase().StringSetAsync($"key{acknowledged}", "value"))
                    {
                        acknowledged++;
                    }
                }
                catch (Exception exception) when (exception is RedisException or TimeoutException)
                {
                    // It is gone.
                }
            });
            await Eventually.TrueAsync(() => Volatile.Read(ref acknowledged) > 400, "more is written");
            SystemProcess.Signal(Server(launcher).Id, "KILL");

            Assert.Equal(128 + 9, await launcher.ExitsAsync());
            await work;
            // As one that was killed while it saved would leave it.
            await File.WriteAllTextAsync(_folder["data/temp-17.rdb"], "half");
        }

        Assert.Empty(SystemProcess.Of(_folder.Path));
        using var next = Launch(server, settings);
        await next.PrintsAsync(Ready);
        await using var again = await ConnectAsync();
        for (var key = 0; key < Math.Min(acknowledged, saved); key++)
        {
            Assert.Equal("value", await again.GetDatabase().StringGetAsync($"key{key}"));
        }

        Assert.Empty(Directory.GetFiles(_folder["data"], "temp-*"));
    }

    [Fact]
    public async Task Redis_leaves_out_the_last_command_of_a_file_that_ends_in_its_middle()
    {
        await WriteAsync("redis-server", "--appendonly", "yes");
        var file = _folder["data/appendonlydir/appendonly.aof.1.incr.aof"];
        using (var stream = File.OpenWrite(file))
        {
            stream.SetLength(stream.Length - 3);
        }

        using var next = Launch("redis-server", "--appendonly", "yes");
        await next.PrintsAsync(Ready);

        await using var connection = await ConnectAsync();
        Assert.Equal("value", await connection.GetDatabase().StringGetAsync("key98"));
        Assert.True((await connection.GetDatabase().StringGetAsync("key99")).IsNull);
    }

    [Theory]
    [InlineData("redis-server", "appendonlydir/appendonly.aof.1.incr.aof", "Repair it (redis-check-aof --fix", "--appendonly", "yes")]
    [InlineData("redis-server", "dump.rdb", "is damaged. Restore it from a backup, or move it away to start empty.", "--save", "60", "1")]
    [InlineData("garnet", "Store", "is damaged, restore it from a backup, or move it away to start empty.", "--save", "1", "1")]
    public async Task Damaged_data_is_refused_with_what_to_do_and_left_as_it_is(string server, string damaged, string message, params string[] settings)
    {
        await WriteAsync(server, settings);
        string[] files = Directory.Exists(_folder[$"data/{damaged}"])
            ? Directory.GetFiles(_folder[$"data/{damaged}"], "info.dat*", SearchOption.AllDirectories)
            : [_folder[$"data/{damaged}"]];
        foreach (var file in files)
        {
            using var stream = File.OpenWrite(file);
            stream.Position = 20;
            stream.Write(new byte[20]);
        }

        var left = files.Select(File.ReadAllBytes).ToArray();
        using var launcher = Launch(server, settings);

        // Redis aborts on some damages.
        Assert.NotEqual(0, await launcher.ExitsAsync());
        Assert.Contains(_folder["data"], launcher.Output, StringComparison.Ordinal);
        Assert.Contains(message, launcher.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", launcher.Output, StringComparison.Ordinal);
        Assert.Equal(left, files.Select(File.ReadAllBytes));
    }

    [Theory]
    [InlineData("redis-server")]
    [InlineData("garnet")]
    public async Task Names_the_port_that_is_taken_and_who_has_it(string server)
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, _port);
        listener.Start();

        using var launcher = Launch(server);

        Assert.Equal(1, await launcher.ExitsAsync());
        Assert.Contains($"(process {Environment.ProcessId}). Stop it, or choose another port with WithHostPort().", launcher.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_one_at_a_time_saves_to_a_folder()
    {
        using var first = Launch("redis-server", "--save", "60", "1");
        await first.PrintsAsync(Ready);

        using var second = Launch("redis-server", "--save", "60", "1");
        Assert.Equal(66, await second.ExitsAsync());
        Assert.Contains($"The data in {_folder["data"]} is in use by process {first.Id}.", second.Output, StringComparison.Ordinal);
    }

    private async Task WriteAsync(string server, params string[] settings)
    {
        using var launcher = Launch(server, settings);
        await launcher.PrintsAsync(Ready);
        await using (var connection = await ConnectAsync())
        {
            for (var key = 0; key < 100; key++)
            {
                await connection.GetDatabase().StringSetAsync($"key{key}", "value");
            }
        }

        if (server == "garnet")
        {
            await Eventually.TrueAsync(() => Directory.Exists(_folder["data/Store"]) && Directory.GetFiles(_folder["data/Store"], "info.dat*", SearchOption.AllDirectories).Length >= 2, "a snapshot is there");
        }

        SystemProcess.Signal(launcher.Id, "TERM");
        Assert.Equal(0, await launcher.ExitsAsync());
    }

    private static SystemProcess Server(LauncherProcess launcher) =>
        Assert.Single(SystemProcess.Of("--port").Concat(SystemProcess.Of("redis-server")).DistinctBy(process => process.Id), process => process.ParentId == launcher.Id);

    private LauncherProcess Launch(string server, params string[] settings) => new(
        "run-redis.sh",
        [
            "--server", server == "garnet" ? BuiltPaths.Garnet ?? throw new InvalidOperationException("Garnet was not built.") : server,
            "--data", _folder["data"], "--port", _port.ToString(CultureInfo.InvariantCulture), "--", .. settings,
        ]);

    private Task<ConnectionMultiplexer> ConnectAsync() => ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{_port},connectRetry=0,allowAdmin=true");
}
