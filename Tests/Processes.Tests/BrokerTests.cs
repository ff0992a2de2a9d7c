namespace Trellis.Hosting.Processes.Tests;

/// <summary>The broker of a system: RabbitMQ where there is one, otherwise a database.</summary>
public sealed class BrokerTests : IDisposable
{
    private const string ServerPath = "Processes:RabbitMQ:ServerPath";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Where_no_RabbitMQ_server_is_installed_a_database_is_the_broker_and_its_resource_says_why()
    {
        var builder = RunningApp.Builder(_folder, (ServerPath, "/nowhere/rabbitmq-server"));
        var broker = builder.AddBroker("broker", builder.AddPostgres("postgres").RunAsProcess());
        await using var app = RunningApp.Start(builder, broker.Resource);
        await app.HealthyAsync("broker");

        await app.LogsAsync("A PostgreSQL database is the broker: no RabbitMQ server is installed here (Debian package rabbitmq-server).");
        var told = await app.StateAsync("broker", snapshot => snapshot.Properties.Any(property => property.Name == "broker"));
        Assert.Contains("PostgreSQL", told.Properties.Single(property => property.Name == "broker").Value?.ToString(), StringComparison.Ordinal);
        Assert.Contains("Database=broker", await broker.Resource.GetConnectionStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PostgreSql", "/bin/true", typeof(PostgresDatabaseResource))]
    [InlineData("rabbitmq", "/nowhere", typeof(RabbitMQServerResource))]
    [InlineData("Kafka", "/bin/true", typeof(KafkaServerResource))]
    [InlineData("", "/bin/true", typeof(RabbitMQServerResource))]
    [InlineData(null, "/nowhere", typeof(PostgresDatabaseResource))]
    public void A_setting_forces_one(string? setting, string server, Type expected)
    {
        var builder = RunningApp.Builder(_folder, ("Broker", setting), (ServerPath, server));
        Assert.IsType(expected, builder.AddBroker("broker", builder.AddPostgres("postgres")).Resource);
    }

    [Fact]
    public void Another_setting_is_refused()
    {
        var builder = RunningApp.Builder(_folder, ("Broker", "Pigeon"));
        var refusal = Assert.Throws<DistributedApplicationException>(() => builder.AddBroker("broker", builder.AddPostgres("postgres")));
        Assert.Contains("'Pigeon'; it must be RabbitMQ, PostgreSql or Kafka", refusal.Message, StringComparison.Ordinal);
    }
}
