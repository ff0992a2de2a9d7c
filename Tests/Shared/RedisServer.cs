using System.Net.Sockets;
using StackExchange.Redis;

namespace Trellis.Tests;

/// <summary>A real Redis server that keeps nothing on disk.</summary>
public sealed class RedisServer : ServerProcess
{
    private int _databases;

    /// <summary>Where the server is found.</summary>
    public string ConnectionString => $"127.0.0.1:{Port}";

    /// <summary>Where a database of this server is found that no other test uses.</summary>
    public string OwnDatabase() => $"{ConnectionString},defaultDatabase={Interlocked.Increment(ref _databases)}";

    /// <summary>Starts a server.</summary>
    public static async Task<RedisServer> StartAsync()
    {
        var server = new RedisServer();
        try
        {
            await server.RestartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the server anew and empty, at the port it had.</summary>
    public Task RestartAsync() => LaunchAsync(
        AnswersAsync, "redis-server", "--port", Port.ToString(), "--bind", "127.0.0.1", "--save", "", "--databases", "1000", "--dir", Folder);

    /// <summary>How many keys of a database match a pattern, as in the command KEYS.</summary>
    public static async Task<int> CountKeysAsync(string connectionString, string pattern)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(connectionString);
        return connection.GetServers()[0].Keys(connection.GetDatabase().Database, pattern).Count();
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
