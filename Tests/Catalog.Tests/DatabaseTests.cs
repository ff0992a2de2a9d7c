using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shop.Catalog.Data;
using Trellis.Tests;

namespace Shop.Catalog.Tests;

[Collection(CatalogCollection.Name)]
public sealed class DatabaseTests(CatalogServers servers)
{
    [Fact]
    public async Task Waits_unready_for_a_database_that_is_made_later()
    {
        var name = $"late_{Guid.NewGuid():N}";
        await using var catalog = new CatalogApp(servers.Postgres.ConnectionString(name), servers.Redis.OwnDatabase());

        using var live = await catalog.Anonymous.GetAsync("/health");
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        using var ready = await catalog.Anonymous.GetAsync("/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        using var early = await catalog.Anonymous.GetAsync(CatalogApp.Products);
        await CatalogApp.ProblemAsync(early, HttpStatusCode.ServiceUnavailable);

        await servers.Postgres.ExecuteAsync("postgres", $"CREATE DATABASE {name}");
        await catalog.BecomesReadyAsync();
        Assert.NotEmpty(await catalog.NamesAsync("search=desk"));
    }

    [Fact]
    public async Task Waits_unready_for_a_server_that_starts_later()
    {
        await using var postgres = await PostgresServer.StartAsync();
        var database = postgres.ConnectionString(await postgres.CreateDatabaseAsync());
        await postgres.KillAsync();
        await using var catalog = new CatalogApp(database, servers.Redis.OwnDatabase());
        var early = TimeProvider.System.GetTimestamp();

        // Longer than one try with its repetitions takes.
        while (TimeProvider.System.GetElapsedTime(early) < TimeSpan.FromSeconds(3))
        {
            using var ready = await catalog.Anonymous.GetAsync("/ready");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        }

        await postgres.RestartAsync();
        await catalog.BecomesReadyAsync();
    }

    [Fact]
    public async Task Replicas_that_start_together_fill_the_catalogue_once()
    {
        var database = servers.Postgres.ConnectionString(await servers.Postgres.CreateDatabaseAsync());
        var redis = servers.Redis.OwnDatabase();
        var replicas = Enumerable.Range(0, 4).Select(_ => new CatalogApp(database, redis)).ToArray();

        await Task.WhenAll(replicas.Select(replica => Task.Run(replica.BecomesReadyAsync)));

        var expected = (int)(await servers.Shared.ListAsync("pageSize=1"))["total"]!;
        foreach (var replica in replicas)
        {
            Assert.Equal(expected, (int)(await replica.ListAsync("pageSize=1"))["total"]!);
            await replica.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_catalogue_that_has_products_is_not_filled_again()
    {
        await using var first = await servers.StartCatalogAsync();
        var (path, _) = await first.AddAsync();
        var total = (int)(await first.ListAsync("pageSize=1"))["total"]!;

        await using var second = new CatalogApp(first.Database, first.Redis);
        await second.BecomesReadyAsync();

        Assert.Equal(total, (int)(await second.ListAsync("pageSize=1"))["total"]!);
        Assert.NotEmpty(await second.Anonymous.GetStringAsync(path));
    }

    [Fact]
    public async Task A_database_that_crashes_is_answered_with_503_and_forgotten_when_it_is_back()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var catalog = new CatalogApp(
            postgres.ConnectionString(await postgres.CreateDatabaseAsync()), servers.Redis.OwnDatabase());
        await catalog.BecomesReadyAsync();

        await postgres.KillAsync();
        using var refused = await catalog.Anonymous.GetAsync($"{CatalogApp.Products}?search=outage");
        await CatalogApp.ProblemAsync(refused, HttpStatusCode.ServiceUnavailable);
        Assert.NotNull(refused.Headers.RetryAfter);
        await Eventually.TrueAsync(
            async () => (await catalog.Anonymous.GetAsync("/ready")).StatusCode == HttpStatusCode.ServiceUnavailable, "The catalogue was ready");

        await postgres.RestartAsync();
        await catalog.BecomesReadyAsync();
        Assert.NotEmpty(await catalog.NamesAsync("search=desk"));
    }

    [Fact]
    public void The_migrations_are_those_of_the_model()
    {
        using var scope = servers.Shared.Services.CreateScope();

        Assert.False(scope.ServiceProvider.GetRequiredService<CatalogDbContext>().Database.HasPendingModelChanges());
    }

    [Fact]
    public async Task A_search_and_a_category_are_read_from_an_index()
    {
        await using var catalog = await servers.StartCatalogAsync();
        var database = new Npgsql.NpgsqlConnectionStringBuilder(catalog.Database).Database!;

        Assert.Contains("search_vector", await PlanAsync(database, "search_vector @@ to_tsquery('english', 'kilim')"), StringComparison.Ordinal);
        Assert.Contains("category", await PlanAsync(database, "category = 'desks'"), StringComparison.Ordinal);
    }

    private async Task<string> PlanAsync(string database, string condition) => (string)(await servers.Postgres.ExecuteAsync(
        database, $"SET enable_seqscan = off; EXPLAIN (FORMAT JSON) SELECT id FROM products WHERE {condition}"))!;
}
