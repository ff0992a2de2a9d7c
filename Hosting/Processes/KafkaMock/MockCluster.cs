using System.Net;
using Confluent.Kafka;

namespace Trellis.Hosting.Processes.KafkaMock;

/// <summary>The cluster: it lives inside a client that asks for it, and as long as that client.</summary>
internal sealed class MockCluster : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly IProducer<Null, Null> _owner;

    private MockCluster(IProducer<Null, Null> owner, IPEndPoint broker) => (_owner, Broker) = (owner, broker);

    /// <summary>Where the only broker listens, and where it sends its clients.</summary>
    public IPEndPoint Broker { get; }

    /// <summary>Starts it with one broker.</summary>
    /// <exception cref="KafkaException">The cluster does not answer.</exception>
    public static MockCluster Start()
    {
        // https://github.com/confluentinc/librdkafka/blob/master/CONFIGURATION.md: test.mock.num.brokers.
        var owner = new ProducerBuilder<Null, Null>(new ClientConfig(new Dictionary<string, string> { ["test.mock.num.brokers"] = "1" }))
            .SetLogHandler((_, message) => Log(message))
            .Build();
        try
        {
            using var admin = new DependentAdminClientBuilder(owner.Handle).Build();
            var broker = admin.GetMetadata(Patience).Brokers[0];
            return new MockCluster(owner, new IPEndPoint(IPAddress.Parse(broker.Host), broker.Port));
        }
        catch
        {
            owner.Dispose();
            throw;
        }
    }

    public void Dispose() => _owner.Dispose();

    // That it is a mock, the first line says.
    private static void Log(LogMessage message)
    {
        if (message.Level <= SyslogLevel.Warning && !message.Message.Contains("mock", StringComparison.OrdinalIgnoreCase))
        {
            Console.Error.WriteLine(message.Message);
        }
    }
}
