using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Trellis.Messaging.Outbox;
using Trellis.ServiceDefaults.Health;

namespace Trellis.Messaging.Tests;

public sealed class OutboxTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_message_is_handled_after_its_transaction_has_committed()
    {
        await using var service = await StartAsync(await CreateAsync(), await CreateAsync(), m => m.Publish<ItemAdded>().Handle<ItemAdded, Recorder<ItemAdded>>());
        await service.InScopeAsync(async (database, publisher) =>
        {
            database.Items.Add(new Item { Name = "lamp" });
            await publisher.PublishAsync(new ItemAdded("lamp"), new PublishOptions { PartitionKey = "lamp", CorrelationId = "order 1" });
        });

        await service.Seen.CountIsAsync(1);
        var (message, context) = Assert.Single(service.Seen.All);
        Assert.Equal(new ItemAdded("lamp"), message);
        Assert.Equal(("lamp", "order 1", 1, ItemAdded.MessageType), (context.PartitionKey, context.CorrelationId, context.Attempts, context.Type));
        Assert.Equal("/shelf", context.Headers["source"]);
    }

    [Fact]
    public async Task What_is_rolled_back_is_never_sent()
    {
        await using var service = await StartAsync(await CreateAsync(), await CreateAsync(), m => m.Publish<ItemAdded>().Handle<ItemAdded, Recorder<ItemAdded>>());
        await using (var scope = service.Services.CreateAsyncScope())
        {
            var database = scope.ServiceProvider.GetRequiredService<ShelfContext>();
            await database.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
            {
                await using var transaction = await database.Database.BeginTransactionAsync();
                await scope.ServiceProvider.GetRequiredService<IMessagePublisher>().PublishAsync(new ItemAdded("never"));
                await database.SaveChangesAsync();
                await transaction.RollbackAsync();
            });
        }

        await service.PublishAsync(new ItemAdded("after"));
        await service.Seen.CountIsAsync(1);
        Assert.Equal(["after"], service.Seen.Of<ItemAdded>().Select(item => item.Name));
    }

    [Fact]
    public async Task The_relay_is_told_which_partitions_have_something_that_is_due_and_of_no_other_commit()
    {
        await using var service = await StartAsync(
            await CreateAsync(), await CreateAsync(), m => m.Publish<ItemAdded>().Configure(options => options.Relay = false));
        var wake = service.Services.GetRequiredService<OutboxWake>();
        await service.InScopeAsync((database, _) => Task.FromResult(database.Items.Add(new Item { Name = "lamp" })));
        await service.PublishAsync(new ItemAdded("later"), new PublishOptions { PartitionKey = "later", DeliverAt = TimeProvider.System.GetUtcNow().AddHours(1) });
        await service.InScopeAsync(async (_, publisher) =>
        {
            await publisher.PublishAsync(new ItemAdded("one"), new PublishOptions { PartitionKey = "one" });
            await publisher.PublishAsync(new ItemAdded("two"), new PublishOptions { PartitionKey = "two" });
        });

        Assert.Equal(new[] { PartitionOf("one"), PartitionOf("two") }.Order(), wake.Take());
        Assert.Null(wake.Take());
        await service.PublishAsync(new ItemAdded("one"), new PublishOptions { PartitionKey = "one" });
        service.Services.GetRequiredService<IOutboxSignal>().Committed();
        Assert.Null(wake.Take());
    }

    [Fact]
    public async Task What_is_committed_is_sent_at_once_and_not_when_the_relay_looks_again()
    {
        await using var service = await StartAsync(
            await CreateAsync(), await CreateAsync(),
            m => m.Publish<ItemAdded>().Handle<ItemAdded, Recorder<ItemAdded>>().Configure(options => (options.PollInterval, options.RelayBatch) = (TimeSpan.FromMinutes(5), 2)));
        await service.PublishAsync(new ItemAdded("first"));
        await service.Seen.CountIsAsync(1);
        await service.InScopeAsync((database, publisher) => database.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await using var transaction = await database.Database.BeginTransactionAsync();
            for (var number = 0; number < 10; number++)
            {
                await publisher.PublishAsync(new ItemAdded($"{number}"), new PublishOptions { PartitionKey = $"{number % 3}" });
                await database.SaveChangesAsync();
            }

            await transaction.CommitAsync();
        }));
        await service.Seen.CountIsAsync(11);
    }

    [Fact]
    public async Task Within_a_key_messages_are_sent_in_the_order_of_commits_by_several_relays_whoever_began_first()
    {
        const int Keys = 4, Writers = 12, Each = 25;
        var (database, broker) = (await CreateAsync(), await CreateAsync());
        await using var transportOnly = await TestService.StartAsync(
            postgres.Server, database, broker, m => m.Publish<ItemAdded>().Configure(options => options.RelayBatch = 7));
        await using var second = await TestService.StartAsync(
            postgres.Server, database, broker, m => m.Publish<ItemAdded>().Configure(options => options.RelayBatch = 7));
        await using var consumer = await TestService.StartAsync(
            postgres.Server, await CreateAsync(), broker, m => m.Handle<ItemAdded, Recorder<ItemAdded>>(), name: "consumer");
        await transportOnly.InScopeAsync((context, _) =>
        {
            context.Counters.AddRange(Enumerable.Range(0, Keys).Select(key => new Counter { Key = $"{key}" }));
            return Task.CompletedTask;
        });

        TestService[] services = [transportOnly, second];
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            for (var time = 0; time < Each; time++)
            {
                await CountUpAsync(services[writer % 2], $"{(writer + time) % Keys}", writesFirst: time % 2 == 0);
            }
        }));

        await consumer.Seen.CountIsAsync(Writers * Each, seconds: 60);
        Assert.All(
            consumer.Seen.Of<ItemAdded>().GroupBy(item => item.Name),
            key => Assert.Equal(Enumerable.Range(1, Writers * Each / Keys), key.Select(item => item.Number)));

        // Nothing was sent by two relays.
        Assert.Equal((long)Writers * Each, await postgres.Server.ExecuteAsync(broker, "SELECT last_value FROM trellis.messages_seq_seq"));
    }

    [Fact]
    public async Task A_second_transaction_of_a_key_waits_for_the_first_and_one_of_another_key_does_not()
    {
        await using var service = await StartAsync(await CreateAsync(), await CreateAsync(), m => m.Publish<ItemAdded>().Handle<ItemAdded, Recorder<ItemAdded>>());
        Task later = Task.CompletedTask;
        await using (var scope = service.Services.CreateAsyncScope())
        {
            var database = scope.ServiceProvider.GetRequiredService<ShelfContext>();
            await database.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
            {
                await using var transaction = await database.Database.BeginTransactionAsync();
                await scope.ServiceProvider.GetRequiredService<IMessagePublisher>().PublishAsync(new ItemAdded("first"), new PublishOptions { PartitionKey = "k" });
                await database.SaveChangesAsync();
                later = service.PublishAsync(new ItemAdded("second"), new PublishOptions { PartitionKey = "k" });
                await service.PublishAsync(new ItemAdded("other"), new PublishOptions { PartitionKey = "other" });
                await service.Seen.CountIsAsync(1);
                Assert.False(later.IsCompleted);
                await transaction.CommitAsync();
            });
        }

        await later;
        await service.Seen.CountIsAsync(3);
        Assert.Equal(["other", "first", "second"], service.Seen.Of<ItemAdded>().Select(item => item.Name));
    }

    [Fact]
    public async Task Transactions_that_publish_to_the_same_keys_in_different_orders_do_not_wait_for_each_other_for_ever()
    {
        await using var service = await StartAsync(await CreateAsync(), await CreateAsync(), m => m.Publish<ItemAdded>().Handle<ItemAdded, Recorder<ItemAdded>>());
        await Task.WhenAll(Enumerable.Range(0, 40).Select(number => service.InScopeAsync(async (_, publisher) =>
        {
            foreach (var key in number % 2 == 0 ? Enumerable.Range(0, 20) : Enumerable.Range(0, 20).Reverse())
            {
                await publisher.PublishAsync(new ItemAdded("x", number), new PublishOptions { PartitionKey = $"{key}" });
            }
        })));
        await service.Seen.CountIsAsync(800);
    }

    [Fact]
    public async Task Messages_of_one_unit_of_work_keep_their_order()
    {
        await using var service = await StartAsync(await CreateAsync(), await CreateAsync(), m => m.Publish<ItemAdded>().Handle<ItemAdded, Recorder<ItemAdded>>());
        await service.InScopeAsync(async (_, publisher) =>
        {
            for (var number = 0; number < 300; number++)
            {
                await publisher.PublishAsync(new ItemAdded("x", number), new PublishOptions { PartitionKey = "k" });
            }
        });
        await service.Seen.CountIsAsync(300);
        Assert.Equal(Enumerable.Range(0, 300), service.Seen.Of<ItemAdded>().Select(item => item.Number));
    }

    [Fact]
    public async Task While_the_broker_is_away_publishers_go_on_and_everything_arrives_after()
    {
        await using var broker = await PostgresServer.StartAsync();
        var queue = await broker.CreateDatabaseAsync();
        await using var service = await TestService.StartAsync(
            postgres.Server, await CreateAsync(), queue, m => m.Publish<ItemAdded>().Handle<ItemAdded, Recorder<ItemAdded>>(),
            builder => builder.Configuration["ConnectionStrings:broker"] = broker.ConnectionString(queue));
        await service.PublishAsync(new ItemAdded("before"));
        await service.Seen.CountIsAsync(1);
        await broker.KillAsync();
        for (var number = 0; number < 50; number++)
        {
            await service.PublishAsync(new ItemAdded("during", number), new PublishOptions { PartitionKey = "k" });
        }

        await broker.RestartAsync();
        await service.Seen.CountIsAsync(51);
        Assert.Equal(Enumerable.Range(0, 50), service.Seen.Of<ItemAdded>().Skip(1).Select(item => item.Number));
    }

    [Fact]
    public async Task A_message_that_the_broker_refuses_is_parked_with_the_reason_and_holds_up_no_other()
    {
        var (database, broker) = (await CreateAsync(), await CreateAsync());
        await using (var generous = await TestService.StartAsync(
            postgres.Server, database, broker, m => m.Publish<ItemAdded>().Configure(options => options.Relay = false)))
        {
            await generous.PublishAsync(new ItemAdded(new string('x', 2000)), new PublishOptions { PartitionKey = "k" });
            await generous.PublishAsync(new ItemAdded("small"), new PublishOptions { PartitionKey = "k" });
        }

        await using var strict = await TestService.StartAsync(
            postgres.Server, database, broker, m => m.Handle<ItemAdded, Recorder<ItemAdded>>().Configure(options => options.MaxMessageBytes = 1000));
        await strict.Seen.CountIsAsync(1);
        Assert.Equal("small", Assert.Single(strict.Seen.Of<ItemAdded>()).Name);
        Assert.Contains("1000", (string)(await postgres.Server.ExecuteAsync(database, "SELECT parked_reason FROM outbox_messages"))!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_larger_than_the_limit_is_refused_where_it_is_published()
    {
        await using var service = await StartAsync(await CreateAsync(), await CreateAsync(), m => m.Publish<ItemAdded>());
        var refusal = await Assert.ThrowsAsync<MessageTooLargeException>(() => service.PublishAsync(new ItemAdded(new string('x', 1024 * 1024))));
        Assert.Contains("Messaging:MaxMessageBytes", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_relay_in_another_process_is_woken_by_the_commit()
    {
        var (database, broker) = (await CreateAsync(), await CreateAsync());
        await using var relay = await TestService.StartAsync(
            postgres.Server, database, broker, m => m.Handle<ItemAdded, Recorder<ItemAdded>>().Configure(options => options.PollInterval = TimeSpan.FromMinutes(5)));
        await using var publisher = await TestService.StartAsync(
            postgres.Server, database, broker, m => m.Publish<ItemAdded>().Configure(options => options.Relay = false));
        await publisher.PublishAsync(new ItemAdded("x"));
        await relay.Seen.CountIsAsync(1, seconds: 20);
    }

    [Fact]
    public async Task A_message_that_is_scheduled_is_handled_when_its_time_has_come_and_holds_nothing_up()
    {
        var (database, broker) = (await CreateAsync(), await CreateAsync());
        await using var service = await StartAsync(database, broker, m => m.Publish<ItemAdded>().Handle<ItemAdded, Recorder<ItemAdded>>());
        var due = TimeProvider.System.GetUtcNow().AddSeconds(2);
        await service.PublishAsync(new ItemAdded("later"), new PublishOptions { DeliverAt = due, PartitionKey = "k" });
        await service.PublishAsync(new ItemAdded("now"), new PublishOptions { PartitionKey = "k" });
        await service.Seen.CountIsAsync(1);
        Assert.Equal("now", Assert.Single(service.Seen.Of<ItemAdded>()).Name);

        await service.Seen.CountIsAsync(2);
        Assert.True(TimeProvider.System.GetUtcNow() >= due);
        Assert.Equal(0L, await postgres.Server.ExecuteAsync(database, "SELECT count(*) FROM outbox_messages"));
    }

    [Fact]
    public async Task Nothing_is_sent_or_handled_before_the_service_has_prepared_itself()
    {
        var (database, broker) = (await CreateAsync(), await CreateAsync());
        StartupGate gate = new();
        var hold = gate.Hold("migrations");
        await using var service = await TestService.StartAsync(
            postgres.Server, database, broker, m => m.Publish<ItemAdded>().Handle<ItemAdded, Recorder<ItemAdded>>(), builder => builder.Services.AddSingleton(gate));
        await service.PublishAsync(new ItemAdded("x"));
        await Task.Delay(500);
        Assert.Equal(1L, await postgres.Server.ExecuteAsync(database, "SELECT count(*) FROM outbox_messages"));

        hold.Dispose();
        await service.Seen.CountIsAsync(1);
    }

    [Fact]
    public async Task A_scheduled_message_outlives_the_process_that_published_it()
    {
        var (database, broker) = (await CreateAsync(), await CreateAsync());
        var due = TimeProvider.System.GetUtcNow().AddSeconds(3);
        await using (var first = await StartAsync(database, broker, m => m.Publish<ItemAdded>()))
        {
            await first.PublishAsync(new ItemAdded("later"), new PublishOptions { DeliverAt = due });
        }

        Assert.Equal(1L, await postgres.Server.ExecuteAsync(database, "SELECT count(*) FROM outbox_messages"));
        await using var second = await StartAsync(database, broker, m => m.Publish<ItemAdded>().Handle<ItemAdded, Recorder<ItemAdded>>());
        await second.Seen.CountIsAsync(1);
        Assert.True(TimeProvider.System.GetUtcNow() >= due);
    }

    [Fact]
    public async Task Many_large_messages_arrive_whole_and_in_order()
    {
        await using var service = await StartAsync(await CreateAsync(), await CreateAsync(), m => m.Publish<ItemAdded>().Handle<ItemAdded, Recorder<ItemAdded>>());
        await service.InScopeAsync(async (_, publisher) =>
        {
            for (var number = 0; number < 40; number++)
            {
                await publisher.PublishAsync(new ItemAdded(new string((char)('a' + (number % 26)), 1_000_000), number), new PublishOptions { PartitionKey = $"{number % 2}" });
            }
        });
        await service.Seen.CountIsAsync(40);
        Assert.All(service.Seen.Of<ItemAdded>().GroupBy(item => item.Number % 2), key => Assert.Equal(key.Select(item => item.Number).Order(), key.Select(item => item.Number)));
        Assert.All(service.Seen.Of<ItemAdded>(), item => Assert.Equal(new string((char)('a' + (item.Number % 26)), 1_000_000), item.Name));
    }

    [Fact]
    public async Task Publishing_in_an_ambient_transaction_is_refused()
    {
        var (database, broker) = (await CreateAsync(), await CreateAsync());
        await using var service = await TestService.StartAsync(postgres.Server, database, broker, m => m.Publish<ItemAdded>());
        using var ambient = new System.Transactions.TransactionScope(System.Transactions.TransactionScopeAsyncFlowOption.Enabled);
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => service.PublishAsync(new ItemAdded("x")));
        Assert.Contains("TransactionScope", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_that_is_written_past_the_publisher_is_refused_by_the_database()
    {
        var (database, broker) = (await CreateAsync(), await CreateAsync());
        await using var service = await TestService.StartAsync(postgres.Server, database, broker, m => m.Publish<ItemAdded>());
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => postgres.Server.ExecuteAsync(
            database,
            """
            INSERT INTO outbox_messages (id, ordinal, partition, type, occurred_at, headers, body, attempts)
            VALUES (gen_random_uuid(), 0, 0, 'x', now(), '{}', '', 0)
            """));
    }

    [Fact]
    public async Task A_record_without_a_type_is_refused_at_registration_with_what_is_missing()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
            await StartAsync(await CreateAsync(), await CreateAsync(), m => m.Publish<Item>()));
        Assert.Contains("MessageType", refusal.Message, StringComparison.Ordinal);
    }

    // The row's lock decides on the order.
    private static short PartitionOf(string key) => (short)((uint)OutboxOrder.LockOf(key) % OutboxMessage.Partitions);

    private static async Task CountUpAsync(TestService service, string key, bool writesFirst)
    {
        await using var scope = service.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<ShelfContext>();
        await database.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await using var transaction = await database.Database.BeginTransactionAsync();
            if (writesFirst)
            {
                // Takes its transaction id, and so a place before others, long before it has its turn.
                database.Items.Add(new Item { Name = "early" });
                await database.SaveChangesAsync();
            }

            var value = (await database.Database
                .SqlQuery<int>($"UPDATE a_counters SET \"Value\" = \"Value\" + 1 WHERE \"Key\" = {key} RETURNING \"Value\"").ToListAsync())[0];
            await scope.ServiceProvider.GetRequiredService<IMessagePublisher>().PublishAsync(new ItemAdded(key, value), new PublishOptions { PartitionKey = key });
            await database.SaveChangesAsync();
            await transaction.CommitAsync();
        });
    }

    private Task<string> CreateAsync() => postgres.Server.CreateDatabaseAsync();

    private Task<TestService> StartAsync(string database, string broker, Action<MessagingBuilder> configure)
        => TestService.StartAsync(postgres.Server, database, broker, configure);
}
