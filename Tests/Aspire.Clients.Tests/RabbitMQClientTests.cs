using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Trace;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Trellis.Tests;

namespace Aspire.Clients.Tests;

public sealed class RabbitMQClientTests : IAsyncLifetime
{
    private const string Section = "Aspire:RabbitMQ:Client";

    private RabbitServer? _server;

    public async Task InitializeAsync() => _server = RabbitServer.Missing is null ? await RabbitServer.StartAsync() : null;

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [RabbitMQFact]
    public async Task The_connection_is_one_and_works_is_healthy_and_makes_spans()
    {
        ConcurrentBag<string> spans = [];
        using var host = TestHost.Build(
            builder =>
            {
                builder.AddRabbitMQClient("broker");
                builder.Services.ConfigureOpenTelemetryTracerProvider(tracing =>
                    tracing.AddProcessor(new SimpleActivityExportProcessor(new Collector<Activity>(span => spans.Add(span.Source.Name)))));
            },
            ("ConnectionStrings:broker", _server!.ConnectionString()));
        await host.StartAsync();
        var connection = host.Services.GetRequiredService<IConnection>();
        Assert.Same(connection, host.Services.GetRequiredService<IConnection>());
        await using (var channel = await connection.CreateChannelAsync())
        {
            var queue = await channel.QueueDeclareAsync();
            await channel.BasicPublishAsync(string.Empty, queue.QueueName, mandatory: true, new byte[] { 1 });
            await Eventually.TrueAsync(async () => await channel.BasicGetAsync(queue.QueueName, autoAck: true) is not null, "nothing came");
        }

        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(host)).Entries["RabbitMQ.Client"].Status);
        Assert.Contains("Aspire.RabbitMQ.Client", spans);
        Assert.Contains("RabbitMQ.Client.Publisher", spans);

        await _server.KillAsync();
        await Eventually.TrueAsync(async () => (await CheckAsync(host)).Status == HealthStatus.Unhealthy, "it stayed healthy");
    }

    [RabbitMQFact]
    public async Task Two_connections_have_keys_settings_and_health_checks_of_their_own()
    {
        using var host = TestHost.Build(
            builder =>
            {
                builder.AddKeyedRabbitMQClient("one", configureConnectionFactory: factory => factory.ClientProvidedName = "in code");
                builder.AddKeyedRabbitMQClient("two", settings => settings.DisableHealthChecks = true);
            },
            ("ConnectionStrings:one", _server!.ConnectionString()),
            ($"{Section}:two:ConnectionString", _server.ConnectionString()),
            ($"{Section}:two:ConnectionFactory:ClientProvidedName", "in settings"));
        await host.StartAsync();
        Assert.Equal("in code", host.Services.GetRequiredKeyedService<IConnection>("one").ClientProvidedName);
        Assert.Equal("in settings", host.Services.GetRequiredKeyedService<IConnection>("two").ClientProvidedName);
        Assert.Null(host.Services.GetService<IConnection>());
        Assert.Equal(["RabbitMQ.Client_one"], (await CheckAsync(host)).Entries.Keys);
    }

    [Fact]
    public async Task Who_is_not_reached_is_tried_again_as_often_as_is_set_and_then_stops_the_start()
    {
        using var host = TestHost.Build(
            builder => builder.AddRabbitMQClient("broker"), ("ConnectionStrings:broker", "amqp://127.0.0.1:1"), ($"{Section}:MaxConnectRetryCount", "0"));
        await Assert.ThrowsAsync<BrokerUnreachableException>(() => host.StartAsync());
    }

    [Fact]
    public async Task A_connection_that_waits_for_its_first_use_does_not_stop_the_start()
    {
        using var host = TestHost.Build(
            builder => builder.AddRabbitMQClient("broker", settings => settings.MaxConnectRetryCount = 0),
            ("ConnectionStrings:broker", "amqp://127.0.0.1:1"),
            ($"{Section}:broker:DisableAutoActivation", "true"));
        await host.StartAsync();
        Assert.Equal(HealthStatus.Unhealthy, (await CheckAsync(host)).Entries["RabbitMQ.Client"].Status);
    }

    private static Task<HealthReport> CheckAsync(IHost host) => host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
}
