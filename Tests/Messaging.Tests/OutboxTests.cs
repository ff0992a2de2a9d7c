using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

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

    private Task<string> CreateAsync() => postgres.Server.CreateDatabaseAsync();

    private Task<TestService> StartAsync(string database, string broker, Action<MessagingBuilder> configure)
        => TestService.StartAsync(postgres.Server, database, broker, configure);
}
