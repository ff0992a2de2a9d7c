using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Shop.Identity.Data;
using Trellis.Tests;

namespace Shop.Identity.Tests;

[Collection(IdentityCollection.Name)]
public sealed class KeyTests(IdentityServers servers)
{
    [Fact]
    public async Task Keys_survive_a_restart()
    {
        var database = await servers.NewDatabaseAsync();
        string token;
        await using (var first = new IdentityApp(database))
        {
            await first.BecomesReadyAsync();
            token = await first.TokenAsync();
        }

        await using var second = new IdentityApp(database);
        await second.BecomesReadyAsync();

        Assert.True((await second.CheckAsync(token)).IsValid);
        Assert.Equal(Key(token), Key(await second.TokenAsync()));
    }

    [Fact]
    public async Task Replicas_that_start_together_share_one_key_and_each_others_tokens()
    {
        var database = await servers.NewDatabaseAsync();
        var replicas = Enumerable.Range(0, 4).Select(_ => new IdentityApp(database)).ToArray();
        try
        {
            await Task.WhenAll(replicas.Select(replica => Task.Run(replica.BecomesReadyAsync)));

            var token = await replicas[0].TokenAsync();
            foreach (var replica in replicas)
            {
                Assert.Single(await replica.KeysAsync());
                Assert.True((await replica.CheckAsync(token)).IsValid);
                Assert.Equal(Key(token), Key(await replica.TokenAsync()));
            }
        }
        finally
        {
            foreach (var replica in replicas)
            {
                await replica.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task A_copy_of_the_database_does_not_give_the_keys_away()
    {
        var stored = (byte[])(await servers.ExecuteAsync(servers.Shared.Database, "SELECT private_key FROM keys WHERE purpose = 0"))!;
        using var thief = RSA.Create();

        Assert.ThrowsAny<CryptographicException>(() => thief.ImportPkcs8PrivateKey(stored, out _));
        Assert.ThrowsAny<CryptographicException>(() => thief.ImportEncryptedPkcs8PrivateKey("a guess", stored, out _));
        thief.ImportEncryptedPkcs8PrivateKey(IdentityApp.Settings("")["Identity:KeySecret"], stored, out _);
    }

    [Fact]
    public async Task A_new_key_is_announced_before_tokens_are_signed_with_it_and_the_old_one_stays_until_they_have_ended()
    {
        await using var identity = await servers.StartAsync();
        var preparation = identity.Services.GetRequiredService<DatabasePreparation>();
        var old = Key(await identity.TokenAsync());

        // Nothing to do yet.
        await LaterAsync(TimeSpan.FromDays(88));
        Assert.Equal([old], await IdsAsync());

        await LaterAsync(TimeSpan.FromDays(89) + TimeSpan.FromMinutes(1));
        var announced = await IdsAsync();
        Assert.Equal(2, announced.Length);
        Assert.Equal(old, Key(await identity.TokenAsync()));

        await LaterAsync(TimeSpan.FromDays(90) + TimeSpan.FromMinutes(5));
        var token = await identity.TokenAsync();
        Assert.Equal(announced.Single(id => id != old), Key(token));
        Assert.Contains(old, await IdsAsync());

        await LaterAsync(TimeSpan.FromDays(90) + TimeSpan.FromHours(3));
        Assert.Equal([Key(token)], await IdsAsync());

        Task LaterAsync(TimeSpan time)
        {
            identity.Time.Ahead = time;
            return preparation.KeepKeysAsync(CancellationToken.None);
        }

        async Task<string[]> IdsAsync() => [.. (await identity.KeysAsync()).Select(key => key.KeyId)];
    }

    [Fact]
    public async Task A_service_that_was_off_when_its_key_grew_old_announces_the_next_one_all_the_same()
    {
        await using var first = await servers.StartAsync();
        var old = Key(await first.TokenAsync());
        await using var second = new IdentityApp(first.Database) { Time = { Ahead = TimeSpan.FromDays(400) } };

        await second.BecomesReadyAsync();

        Assert.Equal(2, (await second.KeysAsync()).Count);
        Assert.Equal(old, Key(await second.TokenAsync()));
    }

    [Fact]
    public async Task In_production_a_lost_key_secret_is_said_and_no_other_key_is_made()
    {
        await using var first = await servers.StartAsync();
        await using var second = await DeployedProcess.StartAsync(
            Path.Combine(AppContext.BaseDirectory, "Shop.Identity.dll"),
            new(IdentityApp.Settings(first.Database)) { ["Identity:KeySecret"] = "another secret than before" });

        await Eventually.TrueAsync(() => second.Output.Contains("Give Identity__KeySecret the value that it had", StringComparison.Ordinal), "it says why");

        using var ready = await second.Http.GetAsync("/ready");
        Assert.False(ready.IsSuccessStatusCode);
        using var form = IdentityApp.Form(IdentityApp.Client, IdentityApp.Secret, "orders");
        using var answer = await second.Http.PostAsync(IdentityApp.TokenPath, form);
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(2L, await servers.ExecuteAsync(first.Database, "SELECT count(*) FROM keys"));
        Assert.DoesNotContain("another secret than before", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_development_a_lost_key_secret_makes_new_keys()
    {
        await using var first = await servers.StartAsync();
        var token = await first.TokenAsync();
        await using var second = new IdentityApp(first.Database) { Other = { ["Identity:KeySecret"] = "another secret than before" } };

        await second.BecomesReadyAsync();

        Assert.NotEmpty(await second.TokenAsync());
        Assert.False((await second.CheckAsync(token)).IsValid);
    }

    [Fact]
    public async Task Killed_while_it_makes_its_keys_it_makes_them_with_the_next_start()
    {
        // The schema is there; the keys are not, and cannot be written for the moment.
        var database = await servers.NewDatabaseAsync();
        await using (var first = new IdentityApp(database))
        {
            await first.BecomesReadyAsync();
        }

        await servers.ExecuteAsync(database, "DELETE FROM keys");
        await using (var blocker = new Npgsql.NpgsqlConnection(database + ";Pooling=false"))
        {
            await blocker.OpenAsync();
            await using var block = await blocker.BeginTransactionAsync();
            await using var command = new Npgsql.NpgsqlCommand("LOCK TABLE keys IN SHARE MODE", blocker, block);
            await command.ExecuteNonQueryAsync();
            await using var killed = await DeployedProcess.StartAsync(Path.Combine(AppContext.BaseDirectory, "Shop.Identity.dll"), IdentityApp.Settings(database));
            await Eventually.TrueAsync(
                async () => (long)(await servers.ExecuteAsync(
                    database,
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%INSERT INTO keys%'"))! > 0,
                "keys were about to be written");
        }

        await using var next = new IdentityApp(database);
        await next.BecomesReadyAsync();

        Assert.Single(await next.KeysAsync());
        Assert.True((await next.CheckAsync(await next.TokenAsync())).IsValid);
        Assert.Equal(2L, await servers.ExecuteAsync(database, "SELECT count(*) FROM keys"));
    }

    private static string Key(string token) => new JsonWebToken(token).Kid;
}
