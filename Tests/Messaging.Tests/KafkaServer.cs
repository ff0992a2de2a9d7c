using System.Reflection;
using Confluent.Kafka;

namespace Trellis.Tests;

/// <summary>librdkafka's mock of a Kafka cluster as a process of its own. It speaks Kafka's protocol, has one broker, and forgets everything when it is killed.</summary>
public sealed class KafkaServer : ServerProcess
{
    private static readonly string Program =
        typeof(KafkaServer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == "KafkaMock").Value!;

    public string ConnectionString => $"127.0.0.1:{Port}";

    public static async Task<KafkaServer> StartAsync()
    {
        var server = new KafkaServer();
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

    /// <summary>Starts it, empty, at the port it had.</summary>
    public Task RestartAsync() => LaunchAsync(AnswersAsync, "dotnet", Program, "--port", $"{Port}");

    private Task<bool> AnswersAsync() => Task.Run(() =>
    {
        try
        {
            using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = ConnectionString }).SetLogHandler((_, _) => { }).Build();
            return admin.GetMetadata(TimeSpan.FromSeconds(1)).Brokers.Count > 0;
        }
        catch (KafkaException)
        {
            return false;
        }
    });
}
