using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Trellis.Messaging.Transport;

namespace Trellis.Messaging.Tests;

/// <summary>What operators see of dead letters, and what others do not.</summary>
public sealed class DeadLetterEndpointsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Operators_read_dead_letters_and_put_them_back()
    {
        await using var app = await StartAsync("Production");
        var broken = await AddLettersAsync(app, 3);
        using var http = Client(app, "operations.read operations.write");

        var listed = await http.GetFromJsonAsync<JsonElement>("/dead-letters?limit=2");
        Assert.Equal(2, listed.GetArrayLength());
        Assert.Equal(ItemAdded.MessageType, listed[0].GetProperty("type").GetString());
        Assert.Equal("1.0", listed[0].GetProperty("headers").GetProperty("specversion").GetString());
        Assert.Contains("cannot be read", listed[0].GetProperty("reason").GetString(), StringComparison.Ordinal);

        Assert.Equal(1, await RedriveAsync(http, new { ids = new[] { broken[1], Guid.NewGuid() } }));
        await CountIsAsync(http, 3);
        Assert.Equal(3, await RedriveAsync(http, body: null));
        await CountIsAsync(http, 3);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized)]
    [InlineData("orders", HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    [InlineData("operations.read", HttpStatusCode.OK, HttpStatusCode.Forbidden)]
    [InlineData("operations.write", HttpStatusCode.Forbidden, HttpStatusCode.OK)]
    public async Task Others_are_refused(string? scope, HttpStatusCode read, HttpStatusCode redrive)
    {
        await using var app = await StartAsync("Production");
        using var http = Client(app, scope);
        Assert.Equal(read, (await http.GetAsync("/dead-letters")).StatusCode);
        Assert.Equal(redrive, (await http.PostAsync("/dead-letters/redrive", content: null)).StatusCode);
    }

    [Theory]
    [InlineData("operations.read", """{"type": "x", "since": "2026-01-01T00:00:00Z"}""", HttpStatusCode.Forbidden)]
    [InlineData("operations.write", """{"type": "x", "since": "2026-01-01T00:00:00Z"}""", HttpStatusCode.BadRequest)]
    [InlineData("operations.write", """{"type": "test.item-added.v1"}""", HttpStatusCode.BadRequest)]
    [InlineData("operations.write", """{"type": "test.item-added.v1", "partition": -1, "offset": 0}""", HttpStatusCode.BadRequest)]
    [InlineData("operations.write", """{"type": "test.item-added.v1", "partition": 1, "offset": 0, "since": "2026-01-01T00:00:00Z"}""", HttpStatusCode.BadRequest)]
    [InlineData("operations.write", """{"type": "test.item-added.v1", "since": "2026-01-01T00:00:00Z"}""", HttpStatusCode.NotImplemented)]
    public async Task A_broker_that_keeps_nothing_replays_nothing_and_says_so(string scope, string body, HttpStatusCode expected)
    {
        await using var app = await StartAsync("Production");
        using var http = Client(app, scope);
        using var answer = await http.PostAsync("/messages/replay", new StringContent(body.Replace("test.item-added.v1", ItemAdded.MessageType, StringComparison.Ordinal), Encoding.UTF8, "application/json"));
        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task In_development_they_are_open()
    {
        await using var app = await StartAsync("Development");
        using var http = Client(app, scope: null);
        Assert.Equal(0, await RedriveAsync(http, body: null));
    }

    [Theory]
    [InlineData("/dead-letters?limit=0")]
    [InlineData("/dead-letters?limit=1001")]
    [InlineData("/dead-letters?limit=many")]
    public async Task A_limit_that_is_none_is_a_bad_request(string path)
    {
        await using var app = await StartAsync("Development");
        using var http = Client(app, scope: null);
        Assert.Equal(HttpStatusCode.BadRequest, (await http.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task Without_the_broker_they_say_so()
    {
        await using var app = await StartAsync("Development", "Host=127.0.0.1;Port=1");
        using var http = Client(app, scope: null);
        using var answer = await http.PostAsync("/dead-letters/redrive", content: null);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    // The content cannot be read, so it is set aside at its first try.
    private static async Task<Guid[]> AddLettersAsync(WebApplication app, int count)
    {
        var ids = Enumerable.Range(0, count).Select(_ => Guid.NewGuid()).ToArray();
        await app.Services.GetRequiredService<IMessageTransport>().PublishAsync(
            [.. ids.Select(id => new TransportMessage(id, ItemAdded.MessageType, "k", new Dictionary<string, string> { ["specversion"] = "1.0" }, "{"u8.ToArray()))], default);
        var letters = app.Services.GetRequiredService<IDeadLetters>();
        await Eventually.TrueAsync(async () => (await letters.ReadAsync()).Count == count, "there were no dead letters");
        return ids;
    }

    private static Task CountIsAsync(HttpClient http, int count) => Eventually.TrueAsync(
        async () => (await http.GetFromJsonAsync<JsonElement>("/dead-letters")).GetArrayLength() == count, $"there were not {count} dead letters again");

    private static async Task<int> RedriveAsync(HttpClient http, object? body)
    {
        using var answer = await http.PostAsync("/dead-letters/redrive", body is null ? null : JsonContent.Create(body));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("redriven").GetInt32();
    }

    private static HttpClient Client(WebApplication app, string? scope) => new()
    {
        BaseAddress = new Uri(app.Urls.First()),
        DefaultRequestHeaders = { Authorization = scope is null ? null : new AuthenticationHeaderValue("Bearer", TestTokens.Mint(scope)) },
    };

    private async Task<WebApplication> StartAsync(string environment, string? broker = null)
    {
        var database = postgres.Server.ConnectionString(await postgres.Server.CreateDatabaseAsync());
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            EnvironmentName = environment,
            ApplicationName = typeof(DeadLetterEndpointsTests).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(TestTokens.Settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:broker"] = broker ?? database,
            ["Messaging:PollInterval"] = "00:00:00.200",
            ["Health:DrainDelay"] = "0",
        });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults();
        builder.Services.AddDbContext<ShelfContext>(options => options.UseNpgsql(database));
        builder.Services.AddSingleton<Recording>();
        builder.AddMessaging<ShelfContext>(m => m.Publish<ItemAdded>().Handle<ItemAdded, Recorder<ItemAdded>>());
        var app = builder.Build();
        await using (var scope = app.Services.CreateAsyncScope())
        {
            await ((RelationalDatabaseCreator)scope.ServiceProvider.GetRequiredService<ShelfContext>().GetService<IDatabaseCreator>()).CreateTablesAsync();
        }

        app.MapDefaultEndpoints();
        app.MapDeadLetters();
        app.MapMessageReplay();
        await app.StartAsync();
        return app;
    }
}
