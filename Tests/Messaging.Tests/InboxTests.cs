using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Trellis.Messaging.Transport;

namespace Trellis.Messaging.Tests;

public sealed class InboxTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private string _database = string.Empty;
    private string _broker = string.Empty;

    public async Task InitializeAsync()
    {
        _database = await postgres.Server.CreateDatabaseAsync();
        _broker = await postgres.Server.CreateDatabaseAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_message_that_comes_twice_has_one_effect_and_is_acknowledged()
    {
        await using var service = await StartAsync(m => m.Publish<ItemAdded>().Handle<ItemAdded, Storing>());
        var message = new TransportMessage(
            Guid.NewGuid(), ItemAdded.MessageType, null, new Dictionary<string, string>(), """{"name":"once"}"""u8.ToArray());
        var transport = service.Services.GetRequiredService<IMessageTransport>();
        await transport.PublishAsync([message, message, message], default);
        await transport.PublishAsync([message], default);
        await QueueIsEmptyAsync();
        Assert.Equal(1L, await CountAsync("items"));
        Assert.Equal(1L, await CountAsync("inbox_messages"));
    }

    [Fact]
    public async Task What_a_failing_handler_wrote_and_published_is_undone_and_the_message_comes_again_with_its_attempt_counted()
    {
        await using var service = await StartAsync(
            m => m.Publish<ItemAdded>().Publish<ItemSeen>().Handle<ItemAdded, FailingTwice>().Handle<ItemSeen, Recorder<ItemSeen>>());
        await service.PublishAsync(new ItemAdded("stubborn"), new PublishOptions { CorrelationId = "c" });
        await service.Seen.CountIsAsync(4);
        await QueueIsEmptyAsync();
        Assert.Equal([1, 2, 3], service.Seen.All.Where(seen => seen.Message is ItemAdded).Select(seen => seen.Context.Attempts));
        Assert.Equal(1L, await CountAsync("items"));
        var answer = Assert.Single(service.Seen.All, seen => seen.Message is ItemSeen).Context;
        Assert.Equal(("c", service.Seen.All[0].Context.Id.ToString()), (answer.CorrelationId, answer.CausationId));
    }

    [Fact]
    public async Task Messages_of_a_key_are_handled_in_order_although_some_fail_and_other_keys_do_not_wait()
    {
        await using var service = await StartAsync(
            m => m.Publish<ItemAdded>().Handle<ItemAdded, FailingOnce>().Configure(options => options.RetryDelay = TimeSpan.FromMilliseconds(50)));
        await service.InScopeAsync(async (_, publisher) =>
        {
            for (var number = 0; number < 60; number++)
            {
                await publisher.PublishAsync(new ItemAdded($"{number % 3}", number), new PublishOptions { PartitionKey = $"{number % 3}" });
            }
        });

        await service.Seen.CountIsAsync(60);
        Assert.All(service.Seen.Of<ItemAdded>().GroupBy(item => item.Name), key => Assert.Equal(key.Select(item => item.Number).Order(), key.Select(item => item.Number)));
    }

    [Fact]
    public async Task A_message_that_fails_for_good_becomes_a_dead_letter_with_its_exception_and_can_be_redriven()
    {
        await using var service = await StartAsync(
            m => m.Publish<ItemAdded>().Handle<ItemAdded, FailingUntilRepaired>().Configure(options =>
            {
                options.MaxAttempts = 3;
                options.RetryDelay = TimeSpan.FromMilliseconds(20);
            }),
            builder => builder.Services.AddSingleton<Repair>());
        await service.PublishAsync(new ItemAdded("broken"), new PublishOptions { PartitionKey = "k", CorrelationId = "c 1" });
        var letters = service.Services.GetRequiredService<IDeadLetters>();
        await Eventually.TrueAsync(async () => (await letters.ReadAsync()).Count == 1, "there was no dead letter");
        var letter = Assert.Single(await letters.ReadAsync());
        Assert.Equal((3, ItemAdded.MessageType, "c 1", "k"), (letter.Attempts, letter.Type, letter.Headers["correlationid"], letter.Headers["partitionkey"]));
        Assert.Contains("the shelf is broken", letter.Reason, StringComparison.Ordinal);
        Assert.Contains(nameof(FailingUntilRepaired), letter.Reason, StringComparison.Ordinal);

        service.Services.GetRequiredService<Repair>().Done = true;
        Assert.Equal(1, await letters.RedriveAsync([letter.Id]));
        await service.Seen.CountIsAsync(1);
        Assert.Empty(await letters.ReadAsync());
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_becomes_a_dead_letter_at_once()
    {
        await using var service = await StartAsync(m => m.Handle<ItemAdded, Recorder<ItemAdded>>());
        var transport = service.Services.GetRequiredService<IMessageTransport>();
        await transport.PublishAsync(
            [new TransportMessage(Guid.NewGuid(), ItemAdded.MessageType, null, new Dictionary<string, string>(), "{not json"u8.ToArray())], default);
        var letters = service.Services.GetRequiredService<IDeadLetters>();
        await Eventually.TrueAsync(async () => (await letters.ReadAsync()).Count == 1, "there was no dead letter");
        Assert.Equal(1, (await letters.ReadAsync())[0].Attempts);
    }

    [Fact]
    public async Task A_handler_that_saves_and_uses_statements_of_its_own_has_its_effect_with_the_inbox_row_or_not_at_all()
    {
        await using var service = await StartAsync(m => m.Publish<ItemAdded>().Handle<ItemAdded, SavingThenFailingOnce>());
        await service.PublishAsync(new ItemAdded("saved"));
        await service.Seen.CountIsAsync(2);
        await QueueIsEmptyAsync();
        Assert.Equal(1L, await CountAsync("items"));
    }

    [Fact]
    public async Task A_message_waits_without_losing_attempts_while_the_database_of_the_service_is_away()
    {
        await using var ownServer = await PostgresServer.StartAsync();
        var database = await ownServer.CreateDatabaseAsync();
        await using var service = await TestService.StartAsync(
            postgres.Server, _database, _broker, m => m.Publish<ItemAdded>(), name: "publisher");
        await using var consumer = await TestService.StartAsync(
            ownServer, database, _broker,
            m => m.Handle<ItemAdded, Recorder<ItemAdded>>().Configure(options => options.MaxAttempts = 2),
            builder => builder.Configuration["ConnectionStrings:broker"] = postgres.Server.ConnectionString(_broker), name: "consumer");
        await ownServer.KillAsync();
        await service.PublishAsync(new ItemAdded("patient"));
        await Eventually.TrueAsync(
            async () => await CountInBrokerAsync("trellis.deliveries WHERE attempts > 0 AND token IS NULL") == 1, "the message was not put back");
        var first = await postgres.Server.ExecuteAsync(_broker, "SELECT visible_at FROM trellis.deliveries");
        for (var time = 0; time < 3; time++)
        {
            await Eventually.TrueAsync(
                async () => !Equals(first, await postgres.Server.ExecuteAsync(_broker, "SELECT visible_at FROM trellis.deliveries WHERE token IS NULL")), "it was not tried again");
            first = await postgres.Server.ExecuteAsync(_broker, "SELECT visible_at FROM trellis.deliveries WHERE token IS NULL");
        }

        await ownServer.RestartAsync();
        await consumer.Seen.CountIsAsync(1);
        Assert.Empty(await consumer.Services.GetRequiredService<IDeadLetters>().ReadAsync());
    }

    [Fact]
    public async Task A_service_that_stops_finishes_what_it_handles_and_returns_the_rest_at_once()
    {
        var gate = new Gate();
        var first = await StartAsync(
            m => m.Publish<ItemAdded>().Handle<ItemAdded, Waiting>().Configure(options => options.Concurrency = 1), builder => builder.Services.AddSingleton(gate));
        await first.InScopeAsync(async (_, publisher) =>
        {
            for (var number = 0; number < 5; number++)
            {
                await publisher.PublishAsync(new ItemAdded("x", number), new PublishOptions { PartitionKey = "x" });
            }
        });
        await gate.Entered.Task.WaitAsync(TimeSpan.FromSeconds(30));
        var stop = first.DisposeAsync().AsTask();
        gate.Opened.SetResult();
        await stop;

        // The one at work, and what began before the stop had come to the consumer.
        var done = (int)await CountAsync("items");
        Assert.InRange(done, 1, 4);

        // The lease is half a minute: only what was given back comes earlier.
        await using var second = await StartAsync(m => m.Handle<ItemAdded, Recorder<ItemAdded>>());
        await second.Seen.CountIsAsync(5 - done, seconds: 10);
        Assert.Equal(Enumerable.Range(done, 5 - done), second.Seen.Of<ItemAdded>().Select(item => item.Number));
        Assert.All(second.Seen.All, seen => Assert.Equal(1, seen.Context.Attempts));
    }

    [Fact]
    public async Task No_more_messages_are_taken_than_may_be_held()
    {
        var gate = new Gate();
        await using var service = await StartAsync(
            m => m.Publish<ItemAdded>().Handle<ItemAdded, Waiting>().Configure(options => (options.Concurrency, options.Prefetch) = (2, 4)),
            builder => builder.Services.AddSingleton(gate));
        await service.InScopeAsync(async (_, publisher) =>
        {
            for (var number = 0; number < 20; number++)
            {
                await publisher.PublishAsync(new ItemAdded("x", number));
            }
        });
        await gate.Entered.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await Eventually.TrueAsync(async () => await CountInBrokerAsync("trellis.deliveries") == 20, "not everything was published");
        Assert.InRange(await CountInBrokerAsync("trellis.deliveries WHERE attempts > 0"), 1, 4);
        gate.Opened.SetResult();
        await QueueIsEmptyAsync();
        Assert.Equal(20L, await CountAsync("items"));
    }

    [Fact]
    public async Task The_inbox_forgets_what_is_older_than_its_retention()
    {
        await using var service = await StartAsync(
            m => m.Publish<ItemAdded>().Handle<ItemAdded, Recorder<ItemAdded>>().Configure(options => options.InboxRetention = TimeSpan.FromSeconds(2)));
        await service.PublishAsync(new ItemAdded("old"));
        await service.Seen.CountIsAsync(1);
        await Eventually.TrueAsync(async () => await CountAsync("inbox_messages") == 0, "the row is still there");
    }

    private Task<TestService> StartAsync(Action<MessagingBuilder> configure, Action<Microsoft.Extensions.Hosting.IHostApplicationBuilder>? more = null)
        => TestService.StartAsync(postgres.Server, _database, _broker, configure, more);

    private async Task<long> CountAsync(string table) => (long)(await postgres.Server.ExecuteAsync(_database, $"SELECT count(*) FROM {table}"))!;

    private async Task<long> CountInBrokerAsync(string table) => (long)(await postgres.Server.ExecuteAsync(_broker, $"SELECT count(*) FROM {table}"))!;

    private Task QueueIsEmptyAsync() => Eventually.TrueAsync(
        async () => await CountAsync("outbox_messages") == 0 && await CountInBrokerAsync("trellis.deliveries") == 0, "messages are left");

    private sealed class Storing(ShelfContext database) : IMessageHandler<ItemAdded>
    {
        public Task HandleAsync(ItemAdded message, MessageContext context, CancellationToken cancellationToken)
        {
            database.Items.Add(new Item { Name = message.Name });
            return Task.CompletedTask;
        }
    }

    private sealed class FailingTwice(ShelfContext database, IMessagePublisher publisher, Recording recording) : IMessageHandler<ItemAdded>
    {
        public async Task HandleAsync(ItemAdded message, MessageContext context, CancellationToken cancellationToken)
        {
            recording.Add(message, context);
            database.Items.Add(new Item { Name = message.Name });
            await publisher.PublishAsync(new ItemSeen(message.Name), cancellationToken: cancellationToken);
            await database.SaveChangesAsync(cancellationToken);
            if (context.Attempts < 3)
            {
                throw new InvalidOperationException("not yet");
            }
        }
    }

    private sealed class FailingOnce(Recording recording) : IMessageHandler<ItemAdded>
    {
        public Task HandleAsync(ItemAdded message, MessageContext context, CancellationToken cancellationToken)
        {
            if (context.Attempts == 1 && message.Number % 5 == 0)
            {
                throw new InvalidOperationException("not yet");
            }

            recording.Add(message, context);
            return Task.CompletedTask;
        }
    }

    private sealed class Repair
    {
        public bool Done { get; set; }
    }

    private sealed class FailingUntilRepaired(Repair repair, Recording recording) : IMessageHandler<ItemAdded>
    {
        public Task HandleAsync(ItemAdded message, MessageContext context, CancellationToken cancellationToken)
        {
            if (!repair.Done)
            {
                throw new InvalidOperationException("the shelf is broken");
            }

            recording.Add(message, context);
            return Task.CompletedTask;
        }
    }

    private sealed class SavingThenFailingOnce(ShelfContext database, Recording recording) : IMessageHandler<ItemAdded>
    {
        public async Task HandleAsync(ItemAdded message, MessageContext context, CancellationToken cancellationToken)
        {
            recording.Add(message, context);
            await database.Database.ExecuteSqlAsync($"INSERT INTO items (\"Name\") VALUES ({message.Name})", cancellationToken);
            await database.SaveChangesAsync(cancellationToken);
            if (context.Attempts == 1)
            {
                throw new InvalidOperationException("after saving");
            }
        }
    }

    private sealed class Gate
    {
        public TaskCompletionSource Entered { get; } = new();

        public TaskCompletionSource Opened { get; } = new();
    }

    private sealed class Waiting(ShelfContext database, Gate gate) : IMessageHandler<ItemAdded>
    {
        public async Task HandleAsync(ItemAdded message, MessageContext context, CancellationToken cancellationToken)
        {
            gate.Entered.TrySetResult();
            await gate.Opened.Task.WaitAsync(cancellationToken);
            database.Items.Add(new Item { Name = message.Name });
        }
    }
}
