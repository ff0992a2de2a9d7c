using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;

namespace Aspire.Confluent.Kafka;

/// <summary>Metrics from what the clients tell of themselves once a second (librdkafka's STATISTICS.md).</summary>
internal sealed class KafkaStatistics : IDisposable
{
    public const string MeterName = "Aspire.Confluent.Kafka";

    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Meter _meter;
    private readonly ConcurrentDictionary<string, Client> _clients = new(StringComparer.Ordinal);

    public KafkaStatistics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        Gauge("messaging.kafka.consumer.queue.message_count", "replyq", "Events that wait for the application");
        Gauge("messaging.kafka.producer.queue.message_count", "msg_cnt", "Messages in the producer's queues");
        Gauge("messaging.kafka.producer.queue.size", "msg_size", "Bytes of messages in the producer's queues");
        Counter("messaging.kafka.network.tx", "tx", "Requests to brokers");
        Counter("messaging.kafka.network.transmitted", "tx_bytes", "Bytes to brokers");
        Counter("messaging.kafka.network.rx", "rx", "Answers of brokers");
        Counter("messaging.kafka.network.received", "rx_bytes", "Bytes from brokers");
        Counter("messaging.publish.messages", "txmsgs", "Messages produced");
        Counter("messaging.kafka.message.transmitted", "txmsg_bytes", "Bytes of messages produced, with their framing");
        Counter("messaging.receive.messages", "rxmsgs", "Messages consumed");
        Counter("messaging.kafka.message.received", "rxmsg_bytes", "Bytes of messages consumed, with their framing");
    }

    /// <summary>Takes what a client tells; it waits meanwhile.</summary>
    public void Take(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var told = document.RootElement;
            if (told.TryGetProperty("name", out var name) && name.GetString() is { } text)
            {
                _clients[text] = new Client(
                    new TagList
                    {
                        { "messaging.client_id", told.TryGetProperty("client_id", out var id) ? id.GetString() : null },
                        { "name", text },
                        { "type", told.TryGetProperty("type", out var type) ? type.GetString() : null },
                    },
                    told.EnumerateObject().Where(one => one.Value.ValueKind == JsonValueKind.Number && one.Value.TryGetInt64(out _)).ToDictionary(one => one.Name, one => one.Value.GetInt64(), StringComparer.Ordinal));
            }
        }
        catch (JsonException)
        {
            // The next one comes within a second; a client must not die of this.
        }
    }

    public void Dispose() => _meter.Dispose();

    private void Gauge(string name, string field, string description) => _meter.CreateObservableGauge(name, () => Read(field), unit: null, description);

    // The client counts by itself, from its start.
    private void Counter(string name, string field, string description) => _meter.CreateObservableCounter(name, () => Read(field), unit: null, description);

    private IEnumerable<Measurement<long>> Read(string field) =>
        _clients.Values.Where(client => client.Figures.ContainsKey(field)).Select(client => new Measurement<long>(client.Figures[field], client.Tags));

    private sealed record Client(TagList Tags, IReadOnlyDictionary<string, long> Figures);
}
