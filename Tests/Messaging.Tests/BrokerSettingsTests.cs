using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Trellis.Messaging.Transport;
using Trellis.ServiceDefaults.Configuration;

namespace Trellis.Messaging.Tests;

/// <summary>Which broker a service uses, and what it says when it has none.</summary>
public sealed class BrokerSettingsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData("amqp://guest:guest@localhost:5672", MessagingTransport.RabbitMQ)]
    [InlineData("AMQPS://broker/shop", MessagingTransport.RabbitMQ)]
    [InlineData("Host=localhost;Port=5432;Password=a,b:1", MessagingTransport.PostgreSql)]
    [InlineData("Port=5432; host=localhost", MessagingTransport.PostgreSql)]
    [InlineData("localhost:9092", MessagingTransport.Kafka)]
    [InlineData("one:9092,two:9092", MessagingTransport.Kafka)]
    public void The_connection_string_says_which_broker_it_is(string connection, MessagingTransport expected)
        => Assert.Equal(expected, TransportFactory.KindOf(MessagingTransport.Auto, connection));

    [Theory]
    [InlineData("localhost")]
    [InlineData("http://localhost:5672")]
    [InlineData("localhost:9092,Server=x")]
    public void A_setting_says_it_where_the_connection_string_does_not(string connection)
    {
        Assert.Null(TransportFactory.KindOf(MessagingTransport.Auto, connection));
        Assert.Equal(MessagingTransport.Kafka, TransportFactory.KindOf(MessagingTransport.Kafka, connection));
    }

    [Theory]
    [InlineData("ConnectionStrings:broker", "", "ConnectionStrings__broker is missing")]
    [InlineData("ConnectionStrings:broker", "somewhere", "ConnectionStrings__broker is of no known broker")]
    [InlineData("Messaging:Transport", "Pigeon", "Messaging__Transport is 'Pigeon'; it must be one of Auto, PostgreSql, RabbitMQ, Kafka.")]
    [InlineData("Messaging:Concurrency", "0", "Messaging__Concurrency is '0'; it must be from 1 to 1000.")]
    [InlineData("Messaging:Lease", "soon", "Messaging__Lease is 'soon'; it must be a time such as 00:00:05.")]
    public async Task A_wrong_setting_stops_the_service_at_its_start(string key, string value, string expected)
    {
        var refusal = await Assert.ThrowsAsync<InvalidSettingsException>(async () => await TestService.StartAsync(
            postgres.Server, "postgres", "postgres", m => m.Publish<ItemAdded>(), builder => builder.Configuration[key] = value));
        Assert.StartsWith(expected, Assert.Single(refusal.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void The_documentation_lists_all_settings() => SettingsDocument.IsCurrent("messaging", new SettingsGroup("Messaging", typeof(MessagingOptions)));

    [Fact]
    public async Task An_absent_broker_is_told_and_does_not_make_the_service_unready()
    {
        var database = await postgres.Server.CreateDatabaseAsync();
        await using var service = await TestService.StartAsync(
            postgres.Server, database, database, m => m.Publish<ItemAdded>(), builder => builder.Configuration["ConnectionStrings:broker"] = "Host=127.0.0.1;Port=1");
        var report = await service.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Degraded, report.Entries["broker"].Status);
        Assert.Contains("does not answer", report.Entries["broker"].Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_that_answers_is_healthy()
    {
        var database = await postgres.Server.CreateDatabaseAsync();
        await using var service = await TestService.StartAsync(postgres.Server, database, database, m => m.Publish<ItemAdded>());
        var report = await service.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Healthy, report.Entries["broker"].Status);
    }
}
