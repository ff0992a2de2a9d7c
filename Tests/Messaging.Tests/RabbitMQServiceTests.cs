using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Trellis.Messaging.Tests;

/// <summary>A service whose broker is RabbitMQ, where it is installed.</summary>
[NeedsRabbitMQ]
public sealed class RabbitMQServiceTests(PostgresFixture postgres, RabbitFixture rabbit) : IClassFixture<PostgresFixture>, IClassFixture<RabbitFixture>
{
    [BrokerFact]
    public async Task A_service_starts_without_its_broker_and_sends_what_was_committed_when_it_comes()
    {
        await rabbit.Server.KillAsync();
        await using var service = await StartAsync();
        await service.PublishAsync(new ItemAdded("lamp"), new PublishOptions { PartitionKey = "lamp" });
        var health = service.Services.GetRequiredService<HealthCheckService>();
        Assert.Equal(HealthStatus.Degraded, (await health.CheckHealthAsync()).Entries["broker"].Status);
        Assert.Empty(service.Seen.All);

        await rabbit.Server.RestartAsync();
        await service.Seen.CountIsAsync(1, seconds: 60);
        Assert.Equal(new ItemAdded("lamp"), service.Seen.All[0].Message);
        Assert.Equal("/shelf", service.Seen.All[0].Context.Headers["source"]);
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync()).Entries["broker"].Status);
    }

    [BrokerFact]
    public async Task What_fails_too_often_is_a_dead_letter_that_can_be_redriven()
    {
        await using var service = await StartAsync(m => m.Configure(options => (options.MaxAttempts, options.RetryDelay) = (3, TimeSpan.FromMilliseconds(20))));
        service.Services.GetRequiredService<Mood>().IsBad = true;
        await service.PublishAsync(new ItemAdded("lamp"), new PublishOptions { PartitionKey = "lamp" });
        var letters = service.Services.GetRequiredService<IDeadLetters>();
        IReadOnlyList<DeadLetter> dead = [];
        await Eventually.TrueAsync(async () => (dead = await letters.ReadAsync()).Count > 0, "there is no dead letter");
        Assert.Equal((3, ItemAdded.MessageType), (dead[0].Attempts, dead[0].Type));
        Assert.Contains("in a bad mood", dead[0].Reason, StringComparison.Ordinal);

        service.Services.GetRequiredService<Mood>().IsBad = false;
        Assert.Equal(1, await letters.RedriveAsync());
        await service.Seen.CountIsAsync(1);
    }

    private async Task<TestService> StartAsync(Action<MessagingBuilder>? more = null) => await TestService.StartAsync(
        postgres.Server,
        await postgres.Server.CreateDatabaseAsync(),
        "postgres",
        m =>
        {
            m.Publish<ItemAdded>().Handle<ItemAdded, Moody>().Handle<ItemAdded, Recorder<ItemAdded>>();
            more?.Invoke(m);
        },
        builder =>
        {
            builder.Configuration["ConnectionStrings:broker"] = rabbit.Server.ConnectionString();
            builder.Services.AddSingleton<Mood>();
        });

    private sealed class Mood
    {
        public bool IsBad { get; set; }
    }

    private sealed class Moody(Mood mood) : IMessageHandler<ItemAdded>
    {
        public Task HandleAsync(ItemAdded message, MessageContext context, CancellationToken cancellationToken)
            => mood.IsBad ? throw new InvalidOperationException("in a bad mood") : Task.CompletedTask;
    }
}
