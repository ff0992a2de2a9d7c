using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Trellis.Messaging.Transport.Kafka;
using Trellis.Messaging.Transport.Postgres;
using Trellis.Messaging.Transport.RabbitMQ;

namespace Trellis.Messaging.Transport;

/// <summary>Opens the transport that the settings ask for.</summary>
internal static class TransportFactory
{
    /// <summary>More than the transport has; the server need not plan them each time.</summary>
    private const int PreparedStatements = 32;

    public static IMessageTransport Open(IServiceProvider services, string connectionName)
    {
        var connection = services.GetRequiredService<IConfiguration>().GetConnectionString(connectionName);
        ArgumentException.ThrowIfNullOrWhiteSpace(connection, $"ConnectionStrings:{connectionName}");
        var options = services.GetRequiredService<IOptions<MessagingOptions>>();
        return KindOf(options.Value.Transport, connection) switch
        {
            MessagingTransport.PostgreSql => OpenPostgres(services, connectionName, connection, options),
            MessagingTransport.RabbitMQ => OpenRabbit(services, connection, options),
            MessagingTransport.Kafka => OpenKafka(services, connection, options),
            var other => throw new NotSupportedException($"There is no transport for {other?.ToString() ?? "this connection string"}."),
        };
    }

    /// <summary>The broker of a connection string.</summary>
    /// <param name="chosen">What the settings say.</param>
    /// <param name="connection">The connection string.</param>
    /// <returns>Null when nothing says which it is.</returns>
    public static MessagingTransport? KindOf(MessagingTransport chosen, string connection) => chosen switch
    {
        not MessagingTransport.Auto => chosen,
        _ when connection.StartsWith("amqp://", StringComparison.OrdinalIgnoreCase) || connection.StartsWith("amqps://", StringComparison.OrdinalIgnoreCase)
            => MessagingTransport.RabbitMQ,
        _ when connection.Split(';').Any(part => part.TrimStart().StartsWith("Host=", StringComparison.OrdinalIgnoreCase)) => MessagingTransport.PostgreSql,
        _ when connection.Split(',').All(IsHostAndPort) => MessagingTransport.Kafka,
        _ => null,
    };

    private static bool IsHostAndPort(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && !text.Contains("//", StringComparison.Ordinal) && !text.Contains('=', StringComparison.Ordinal) && ushort.TryParse(text.AsSpan(colon + 1), out _);
    }

    private static RabbitMQTransport OpenRabbit(IServiceProvider services, string connection, IOptions<MessagingOptions> options) => new(
        new RabbitConnections(connection, services.GetRequiredService<IHostEnvironment>().ApplicationName, options.Value.Lease),
        options, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<RabbitMQTransport>>());

    private static KafkaTransport OpenKafka(IServiceProvider services, string connection, IOptions<MessagingOptions> options) => new(
        connection, services.GetRequiredService<IHostEnvironment>().ApplicationName, options,
        services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<KafkaTransport>>());

    private static PostgresTransport OpenPostgres(IServiceProvider services, string connectionName, string connection, IOptions<MessagingOptions> options)
    {
        var source = new NpgsqlDataSourceBuilder(connection) { Name = connectionName };
        source.ConnectionStringBuilder.MaxAutoPrepare = PreparedStatements;
        source.UseLoggerFactory(services.GetRequiredService<ILoggerFactory>());
        return new PostgresTransport(
            source.Build(), options, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<PostgresTransport>>());
    }
}
