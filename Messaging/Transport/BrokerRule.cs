using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Trellis.ServiceDefaults.Configuration;

namespace Trellis.Messaging.Transport;

/// <summary>Says at the start when nobody can tell which broker a connection string is for.</summary>
internal sealed class BrokerRule(IConfiguration configuration, IOptions<MessagingOptions> options, string connectionName) : ISettingsRule
{
    public IEnumerable<string> Failures()
    {
        var connection = configuration.GetConnectionString(connectionName);
        if (!string.IsNullOrWhiteSpace(connection) && TransportFactory.KindOf(options.Value.Transport, connection) is null)
        {
            yield return $"{Setting.VariableOf($"ConnectionStrings:{connectionName}")} is of no known broker; it must be an amqp:// URI (RabbitMQ), "
                + $"have Host= (PostgreSQL) or be host:port (Kafka), or {Setting.VariableOf("Messaging:Transport")} must say which it is.";
        }
    }
}
