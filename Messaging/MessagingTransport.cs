namespace Trellis.Messaging;

/// <summary>The brokers that messaging can use.</summary>
public enum MessagingTransport
{
    /// <summary>What the connection string is one of: a URI with <c>amqp://</c> or <c>amqps://</c> is RabbitMQ's, one with <c>Host=</c> PostgreSQL's, a list of <c>host:port</c> Kafka's.</summary>
    Auto,

    /// <summary>A PostgreSQL database as broker.</summary>
    PostgreSql,

    /// <summary>RabbitMQ, by AMQP 0-9-1.</summary>
    RabbitMQ,

    /// <summary>Kafka.</summary>
    Kafka,
}
