using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shop.Fulfilment.Data;

namespace Shop.Fulfilment.Tests;

[Collection(FulfilmentCollection.Name)]
public sealed class DatabaseTests(FulfilmentServers servers)
{
    [Fact]
    public async Task Waits_unready_for_a_database_that_is_made_later()
    {
        await using var system = await FulfilmentSystem.StartAsync(servers.Postgres, app: false);
        var name = $"late_{Guid.NewGuid():N}";
        await using var app = new FulfilmentApp(system.Settings(("ConnectionStrings:fulfilmentdb", servers.Postgres.ConnectionString(name))));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await app.SendAsync(HttpMethod.Get, "/ready", scope: null)).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await app.SendAsync(HttpMethod.Get, "/jobs", "operations.read")).StatusCode);

        await servers.Postgres.ExecuteAsync("postgres", $"CREATE DATABASE {name}");

        await app.BecomesReadyAsync();
        await app.RunJobAsync("cleanup");
    }

    [Fact]
    public async Task Replicas_that_start_together_make_the_tables_once()
    {
        await using var system = await FulfilmentSystem.StartAsync(servers.Postgres, app: false);
        var replicas = Enumerable.Range(0, 3).Select(_ => new FulfilmentApp(system.Settings())).ToArray();

        await Task.WhenAll(replicas.Select(replica => Task.Run(replica.BecomesReadyAsync)));

        foreach (var replica in replicas)
        {
            await replica.DisposeAsync();
        }
    }

    [Fact]
    public void The_migrations_are_those_of_the_model()
    {
        using var scope = servers.Shared.App.Services.CreateScope();

        Assert.False(scope.ServiceProvider.GetRequiredService<FulfilmentDbContext>().Database.HasPendingModelChanges());
    }
}
