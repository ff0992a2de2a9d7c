using System.Net;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shop.Inventory.Data;

namespace Shop.Inventory.Tests;

[Collection(InventoryCollection.Name)]
public sealed class DatabaseTests(InventoryServers servers)
{
    [Fact]
    public async Task Waits_unready_for_a_database_that_is_made_later()
    {
        var name = $"late_{Guid.NewGuid():N}";
        await using var inventory = new InventoryApp(servers.Postgres, name, await servers.Postgres.CreateDatabaseAsync());

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await inventory.ReadyAsync());
        var early = await Assert.ThrowsAsync<RpcException>(() => inventory.LevelAsync(Guid.NewGuid()));
        Assert.Equal(StatusCode.Unavailable, early.StatusCode);

        await servers.Postgres.ExecuteAsync("postgres", $"CREATE DATABASE {name}");
        await inventory.BecomesReadyAsync();
        var product = await inventory.AddProductAsync(1);
        Assert.Equal(1, (await inventory.LevelAsync(product)).OnHand);
    }

    [Fact]
    public async Task Waits_unready_for_a_server_that_starts_later()
    {
        await using var postgres = await PostgresServer.StartAsync();
        var (database, broker) = (await postgres.CreateDatabaseAsync(), await postgres.CreateDatabaseAsync());
        await postgres.KillAsync();
        await using var inventory = new InventoryApp(postgres, database, broker);
        var early = TimeProvider.System.GetTimestamp();

        // Longer than one try with its repetitions takes.
        while (TimeProvider.System.GetElapsedTime(early) < TimeSpan.FromSeconds(3))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await inventory.ReadyAsync());
        }

        await postgres.RestartAsync();
        await inventory.BecomesReadyAsync();
    }

    [Fact]
    public async Task Replicas_that_start_together_make_the_tables_once()
    {
        var (database, broker) = (await servers.Postgres.CreateDatabaseAsync(), await servers.Postgres.CreateDatabaseAsync());
        var replicas = Enumerable.Range(0, 4).Select(_ => new InventoryApp(servers.Postgres, database, broker)).ToArray();

        await Task.WhenAll(replicas.Select(replica => Task.Run(replica.BecomesReadyAsync)));

        var product = await replicas[0].AddProductAsync(3);
        foreach (var replica in replicas)
        {
            Assert.Equal(3, (await replica.LevelAsync(product)).OnHand);
            await replica.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_database_that_crashes_is_unavailable_and_forgotten_when_it_is_back()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var inventory = new InventoryApp(postgres, await postgres.CreateDatabaseAsync(), await postgres.CreateDatabaseAsync());
        await inventory.BecomesReadyAsync();
        var product = await inventory.AddProductAsync(3);

        await postgres.KillAsync();
        var refused = await Assert.ThrowsAsync<RpcException>(() => inventory.LevelAsync(product));
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        Assert.DoesNotContain("127.0.0.1", refused.Status.Detail, StringComparison.Ordinal);
        await Eventually.TrueAsync(async () => await inventory.ReadyAsync() == HttpStatusCode.ServiceUnavailable, "The inventory was ready");

        await postgres.RestartAsync();
        await inventory.BecomesReadyAsync();
        Assert.Equal(3, (await inventory.LevelAsync(product)).OnHand);
    }

    [Fact]
    public async Task The_database_itself_refuses_to_oversell()
    {
        var product = await servers.Shared.AddProductAsync(3);

        var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(
            () => servers.Shared.SqlAsync($"UPDATE stock SET reserved = 4 WHERE product_id = '{product}'"));

        Assert.Equal("never_oversold", refused.ConstraintName);
    }

    [Fact]
    public void The_migrations_are_those_of_the_model()
    {
        using var scope = servers.Shared.Services.CreateScope();

        Assert.False(scope.ServiceProvider.GetRequiredService<InventoryDbContext>().Database.HasPendingModelChanges());
    }
}
