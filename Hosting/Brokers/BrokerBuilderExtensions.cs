using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>The broker of a system whose services use Trellis.Messaging.</summary>
public static class BrokerBuilderExtensions
{
    private const string KindSetting = "Broker";

    /// <summary>
    /// Adds the broker: RabbitMQ. While the AppHost runs on a machine without a RabbitMQ server, it is a database of the PostgreSQL server instead; the broker's log and its details in the
    /// dashboard say so.
    /// </summary>
    /// <remarks>
    /// The setting <c>Broker</c> (environment variable <c>Broker</c>) forces one while the AppHost runs: <c>RabbitMQ</c>, <c>PostgreSql</c>, or <c>Kafka</c>, which runs as a mock that keeps everything in memory. Published,
    /// the broker is always RabbitMQ.
    /// </remarks>
    /// <param name="builder">The AppHost's builder.</param>
    /// <param name="name">The name of the resource, and of the connection string that services get.</param>
    /// <param name="postgres">The server for the database.</param>
    /// <returns>The broker, to be given to services with <c>WithReference</c>.</returns>
    /// <exception cref="DistributedApplicationException">The setting names none of them.</exception>
    public static IResourceBuilder<IResourceWithConnectionString> AddBroker(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, IResourceBuilder<PostgresServerResource> postgres)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(postgres);
        var chosen = builder.ExecutionContext.IsPublishMode ? null : builder.Configuration[KindSetting];
        return chosen?.ToUpperInvariant() switch
        {
            "RABBITMQ" => RabbitMQ(),
            "KAFKA" => builder.AddKafka(name).RunAsProcess(),
            "POSTGRESQL" => Explained(postgres.AddDatabase(name), $"the setting {KindSetting} demands it"),
            null or "" when builder.ExecutionContext.IsPublishMode || builder.HasRabbitMQServer() => RabbitMQ(),
            null or "" => Explained(postgres.AddDatabase(name), "no RabbitMQ server is installed here (Debian package rabbitmq-server)"),
            _ => throw new DistributedApplicationException($"The setting {KindSetting} is '{chosen}'; it must be RabbitMQ, PostgreSql or Kafka, or empty for the one that is there."),
        };

        IResourceBuilder<IResourceWithConnectionString> RabbitMQ() => builder.AddRabbitMQ(name).WithDataVolume().RunAsProcess();
    }

    private static IResourceBuilder<IResourceWithConnectionString> Explained(IResourceBuilder<PostgresDatabaseResource> database, string reason)
    {
        var text = $"A PostgreSQL database is the broker: {reason}.";
        return database.OnInitializeResource(async (resource, initialized, _) =>
        {
            initialized.Logger.LogInformation("{Explanation}", text);
            await initialized.Notifications.PublishUpdateAsync(resource, snapshot => snapshot with
            {
                Properties = [.. snapshot.Properties, new ResourcePropertySnapshot("broker", text)],
            }).ConfigureAwait(false);
        });
    }
}
