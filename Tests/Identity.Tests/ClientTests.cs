using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Shop.Identity.Users;

namespace Shop.Identity.Tests;

[Collection(IdentityCollection.Name)]
public sealed class ClientTests(IdentityServers servers)
{
    private const string DemoSecret = "known-to-everybody";

    [Fact]
    public async Task A_secret_that_changed_is_the_one_that_counts()
    {
        await using var first = await servers.StartAsync();
        await using var second = new IdentityApp(first.Database) { Other = { ["Identity:Clients:ordering:Secret"] = "another secret of ordering" } };
        await second.BecomesReadyAsync();

        Assert.NotEmpty(await second.TokenAsync(secret: "another secret of ordering"));
        using var refused = await second.AskAsync();
        await IdentityApp.RefusedAsync(refused, HttpStatusCode.Unauthorized, "invalid_client");
    }

    [Fact]
    public async Task A_scope_that_was_taken_away_is_refused()
    {
        await using var first = await servers.StartAsync();
        await using var second = new IdentityApp(first.Database) { Other = { ["Identity:Clients:ordering:Scopes:2"] = "inventory.read" } };
        await second.BecomesReadyAsync();

        using var refused = await second.AskAsync(scope: "orders");
        await IdentityApp.RefusedAsync(refused, HttpStatusCode.BadRequest, "invalid_request");
        Assert.NotEmpty(await second.TokenAsync(scope: "inventory.read"));
    }

    [Fact]
    public async Task A_start_that_changes_nothing_writes_nothing()
    {
        await using var first = await servers.StartAsync();
        const string Versions = """SELECT string_agg("ConcurrencyToken" || "ClientSecret", ',' ORDER BY "ClientId") FROM "OpenIddictApplications" """;
        var before = await servers.ExecuteAsync(first.Database, Versions);
        await using var second = new IdentityApp(first.Database);
        await second.BecomesReadyAsync();

        Assert.Equal(before, await servers.ExecuteAsync(first.Database, Versions));
    }

    [Fact]
    public async Task Secrets_are_stored_as_hashes()
    {
        var stored = (string)(await servers.ExecuteAsync(servers.Shared.Database, """SELECT string_agg("ClientSecret", ' ') FROM "OpenIddictApplications" """))!;

        Assert.DoesNotContain(IdentityApp.Secret, stored, StringComparison.Ordinal);
        Assert.DoesNotContain(DemoSecret, stored, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_development_demo_clients_act_in_the_name_of_demo_users()
    {
        await using var identity = await servers.StartAsync();
        var alice = new JsonWebToken(await identity.TokenAsync("demo-alice", DemoSecret, "orders")).Subject;
        var bob = new JsonWebToken(await identity.TokenAsync("demo-bob", DemoSecret, "orders")).Subject;

        Assert.NotEqual(alice, bob);
        await using var scope = identity.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        var user = (await users.FindByIdAsync(alice))!;
        Assert.Equal("alice", user.UserName);

        await users.SetLockoutEndDateAsync(user, TimeProvider.System.GetUtcNow().AddDays(1));
        using var refused = await identity.AskAsync("demo-alice", DemoSecret, "orders");
        await IdentityApp.RefusedAsync(refused, HttpStatusCode.BadRequest, "unauthorized_client");
    }

    [Fact]
    public async Task In_production_there_are_no_demo_clients_even_in_a_database_that_had_them()
    {
        await using var development = await servers.StartAsync();
        Assert.NotEmpty(await development.TokenAsync("demo-alice", DemoSecret, "orders"));
        await using var production = new IdentityApp(development.Database)
        {
            Environment = "Production",
            Other =
            {
                ["Identity:Clients:demo-bob:Secret"] = DemoSecret,
                ["Identity:Clients:demo-bob:Scopes:0"] = "orders",
                ["Identity:Clients:demo-bob:User"] = "bob",
            },
        };
        await production.BecomesReadyAsync();

        foreach (var client in new[] { "demo-alice", "demo-bob" })
        {
            using var refused = await production.AskAsync(client, DemoSecret, "orders");
            await IdentityApp.RefusedAsync(refused, HttpStatusCode.Unauthorized, "invalid_client");
        }

        Assert.NotEmpty(await production.TokenAsync());
    }
}
