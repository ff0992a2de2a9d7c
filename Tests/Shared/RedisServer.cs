using System.Net.Sockets;

namespace Trellis.Tests;

/// <summary>A real Redis server that keeps nothing on disk.</summary>
public sealed class RedisServer : ServerProcess
{
    /// <summary>Where the server is found.</summary>
    public string ConnectionString => $"127.0.0.1:{Port}";

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
        AnswersAsync, "redis-server", "--port", Port.ToString(), "--bind", "127.0.0.1", "--save", "", "--dir", Folder);

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
