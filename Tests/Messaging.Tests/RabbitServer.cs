using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Trellis.Tests;

/// <summary>A real RabbitMQ server with a node, a port mapper and a folder of its own.</summary>
public sealed class RabbitServer : ServerProcess
{
    private const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    private readonly int _epmdPort = FreePort.Next();
    private readonly int _distributionPort = FreePort.Next();

    /// <summary>Why there cannot be one here; null when there can.</summary>
    public static string? Missing => File.Exists(Program) ? null : $"{Program} is not there. Install the package rabbitmq-server.";

    /// <summary>Where a virtual host of this server is found.</summary>
    public string ConnectionString(string virtualHost = "/") => $"amqp://guest:guest@127.0.0.1:{Port}/{Uri.EscapeDataString(virtualHost)}";

    public static async Task<RabbitServer> StartAsync()
    {
        var server = new RabbitServer();
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

    /// <summary>Starts the server on its data, at the port it had.</summary>
    public Task RestartAsync() => LaunchAsync(
        AnswersAsync,
        "/bin/sh", Path.Combine(AppContext.BaseDirectory, "launchers", "run-rabbitmq.sh"),
        "--server", Program, "--node", $"test{Port}", "--data", Path.Combine(Folder, "data"), "--port", $"{Port}",
        "--epmd-port", $"{_epmdPort}", "--distribution-port", $"{_distributionPort}");

    /// <summary>Runs one of the server's own tools.</summary>
    public Task ControlAsync(params string[] arguments) => RunAsync(
        "env",
        [
            $"ERL_EPMD_PORT={_epmdPort}", $"HOME={Path.Combine(Folder, "data")}", $"RABBITMQ_NODENAME=test{Port}@localhost", "RABBITMQ_CONF_ENV_FILE=/dev/null",
            "/usr/lib/rabbitmq/bin/rabbitmqctl", .. arguments,
        ]);

    private async Task<bool> AnswersAsync()
    {
        try
        {
            var factory = new ConnectionFactory { Uri = new Uri(ConnectionString()), AutomaticRecoveryEnabled = false };
            await using var connection = await factory.CreateConnectionAsync();
            await connection.CloseAsync();
            return true;
        }
        catch (Exception failure) when (failure is RabbitMQClientException or IOException)
        {
            return false;
        }
    }
}
