using System.ComponentModel.DataAnnotations;
using Trellis.ServiceDefaults.Configuration;

namespace Trellis.Messaging;

/// <summary>Settings of messaging, read from the section <c>Messaging</c>.</summary>
public sealed class MessagingOptions
{
    /// <summary>The configuration section.</summary>
    internal const string Section = "Messaging";

    /// <summary>The broker: <c>PostgreSql</c>, <c>RabbitMQ</c> or <c>Kafka</c>; by default what the connection string is one of.</summary>
    public MessagingTransport Transport { get; set; }

    /// <summary>The consumer group; replicas of a service share it. By default the application's name in lower case.</summary>
    public string? Group { get; set; }

    /// <summary>The largest body, in bytes; 1 MiB by default.</summary>
    [Range(1, 128 * 1024 * 1024, ErrorMessage = "must be from 1 to 134217728")]
    public int MaxMessageBytes { get; set; } = 1024 * 1024;

    /// <summary>Whether this process sends what is in the outbox. Off, another replica has to.</summary>
    public bool Relay { get; set; } = true;

    /// <summary>How many rows the relay sends at once.</summary>
    [Range(1, 10_000, ErrorMessage = "must be from 1 to 10000")]
    public int RelayBatch { get; set; } = 500;

    /// <summary>How long relay and consumers sleep at most when nothing wakes them.</summary>
    [TimeRange("00:00:00.010", "00:10:00", ErrorMessage = "must be from 00:00:00.01 to ten minutes")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many messages are handled at the same time; those of one key never are.</summary>
    [Range(1, 1000, ErrorMessage = "must be from 1 to 1000")]
    public int Concurrency { get; set; } = 16;

    /// <summary>How many messages a process holds at most, handled and waiting ones together.</summary>
    [Range(1, 10_000, ErrorMessage = "must be from 1 to 10000")]
    public int Prefetch { get; set; } = 256;

    /// <summary>How long a message stays with a consumer that gives no sign of life, before another gets it.</summary>
    [TimeRange("00:00:01", "01:00:00", ErrorMessage = "must be from one second to one hour")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a message is tried before it becomes a dead letter.</summary>
    [Range(1, 1000, ErrorMessage = "must be from 1 to 1000")]
    public int MaxAttempts { get; set; } = 10;

    /// <summary>The pause before the second attempt; it doubles with each further one.</summary>
    [TimeRange("00:00:00.001", "01:00:00", ErrorMessage = "must be from 00:00:00.001 to one hour")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest pause between attempts.</summary>
    [TimeRange("00:00:00.001", "1.00:00:00", ErrorMessage = "must be from 00:00:00.001 to one day")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the inbox remembers a message. A duplicate that is older has a second effect.</summary>
    [TimeRange("00:00:01", "365.00:00:00", ErrorMessage = "must be from one second to 365 days")]
    public TimeSpan InboxRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long the PostgreSQL transport keeps a message to which no group has subscribed yet.</summary>
    [TimeRange("00:00:01", "365.00:00:00", ErrorMessage = "must be from one second to 365 days")]
    public TimeSpan UnroutedRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How many partitions the Kafka transport gives a topic that it creates; that many members of a group can be at work. Another number changes the partition of a key.</summary>
    [Range(1, 1000, ErrorMessage = "must be from 1 to 1000")]
    public int KafkaPartitions { get; set; } = 8;

    /// <summary>How long handlers may go on after the service was told to stop.</summary>
    [TimeRange("00:00:00", "00:10:00", ErrorMessage = "must be from zero to ten minutes")]
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
