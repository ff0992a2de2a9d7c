using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shop.Identity.Data;
using Trellis.ServiceDefaults.Configuration;
using Trellis.Tests;

namespace Shop.Identity.Tests;

/// <summary>What every service is.</summary>
[Collection(IdentityCollection.Name)]
public sealed class ServiceTests(IdentityServers servers)
{
    [Fact]
    public void Every_endpoint_says_who_may_call_it()
    {
        Assert.Empty(servers.Shared.Services.EndpointsWithoutPolicy());
    }

    [Fact]
    public void The_migrations_are_those_of_the_model()
    {
        using var scope = servers.Shared.Services.CreateScope();

        Assert.False(scope.ServiceProvider.GetRequiredService<IdentityDbContext>().Database.HasPendingModelChanges());
    }

    [Fact]
    public void The_document_of_the_settings_is_what_they_are()
    {
        SettingsDocument.IsCurrent("identity", new SettingsGroup(IdentitySettings.Section, typeof(IdentitySettings)));
    }

    [Fact]
    public async Task The_service_is_what_its_contract_says()
    {
        var served = (await servers.Shared.Http.GetFromJsonAsync<JsonNode>("/openapi/v1.json"))!;
        served.AsObject().Remove("servers");
        await using var file = typeof(ServiceTests).Assembly.GetManifestResourceStream("openapi.json")!;

        Assert.True(JsonNode.DeepEquals(await JsonNode.ParseAsync(file), served), "Services/Identity/Contract/openapi.json is not what the service serves.");
    }

    [Fact]
    public async Task Waits_unready_for_a_database_that_is_made_later()
    {
        var name = $"late_{Guid.NewGuid():N}";
        await using var identity = new IdentityApp(servers.Postgres.ConnectionString(name));

        Assert.Equal(HttpStatusCode.OK, (await identity.Http.GetAsync("/health")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await identity.Http.GetAsync("/ready")).StatusCode);
        foreach (var path in new[] { IdentityApp.Discovery, IdentityApp.JsonWebKeys })
        {
            using var early = await identity.Http.GetAsync(path);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, early.StatusCode);
        }

        using (var early = await identity.AskAsync())
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, early.StatusCode);
        }

        await servers.Postgres.ExecuteAsync("postgres", $"CREATE DATABASE {name}");
        await identity.BecomesReadyAsync();
        Assert.NotEmpty(await identity.TokenAsync());
    }

    [Fact]
    public async Task A_database_that_crashes_is_answered_with_503_while_the_keys_can_still_be_read()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var identity = new IdentityApp(postgres.ConnectionString(await postgres.CreateDatabaseAsync()));
        await identity.BecomesReadyAsync();

        await postgres.KillAsync();
        using (var refused = await identity.AskAsync())
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        Assert.Single(await identity.KeysAsync());
        await postgres.RestartAsync();
        await identity.BecomesReadyAsync();
        Assert.NotEmpty(await identity.TokenAsync());
    }

    [Fact]
    public async Task Wrong_settings_are_named_all_at_once_without_the_secrets()
    {
        await using var identity = new IdentityApp(await servers.NewDatabaseAsync())
        {
            Other =
            {
                ["Identity:Issuer"] = "https://shop.test/elsewhere",
                ["Identity:KeySecret"] = "too short",
                ["Identity:Clients:ordering:Secret"] = "short, too",
            },
        };

        var failure = Assert.Throws<InvalidSettingsException>(() => identity.Http);

        Assert.Equal(3, failure.Failures.Count);
        Assert.Contains("Identity__Issuer is 'https://shop.test/elsewhere'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Identity__KeySecret is wrong; it must be a secret", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("too short", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("short, too", failure.Message, StringComparison.Ordinal);
    }
}
