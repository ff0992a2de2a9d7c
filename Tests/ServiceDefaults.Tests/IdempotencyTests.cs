using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Trellis.ServiceDefaults.Idempotency;

namespace Trellis.ServiceDefaults.Tests;

public sealed class IdempotencyTests : IAsyncLifetime
{
    private PostgresServer _postgres = null!;
    private string _database = null!;
    private NpgsqlDataSource _source = null!;

    /// <summary>What the endpoint waits for before it answers.</summary>
    private Func<Task> _meanwhile = () => Task.CompletedTask;

    public async Task InitializeAsync()
    {
        _postgres = await PostgresServer.StartAsync();
        _database = await _postgres.CreateDatabaseAsync();
        await _postgres.ExecuteAsync(_database, "CREATE TABLE orders (id serial PRIMARY KEY, name text)");
        _source = NpgsqlDataSource.Create(_postgres.ConnectionString(_database));
    }

    public async Task DisposeAsync()
    {
        await _source.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    [Fact]
    public async Task The_same_request_again_gets_the_same_answer_and_happens_once()
    {
        await using var service = await StartAsync();

        using var first = await PostAsync(service, "key-1", "desk");
        using var again = await PostAsync(service, "key-1", "desk");
        using var other = await PostAsync(service, "key-2", "desk");

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal("/orders/1", again.Headers.Location?.ToString());
        Assert.Equal(first.Content.Headers.ContentType, again.Content.Headers.ContentType);
        Assert.Equal(["true"], again.Headers.GetValues("Idempotency-Replayed"));
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal("/orders/2", other.Headers.Location?.ToString());
        Assert.Equal(2, await OrdersAsync());
    }

    [Fact]
    public async Task The_key_with_another_request_is_422()
    {
        await using var service = await StartAsync();
        await PostAsync(service, "key-1", "desk");

        using var other = await PostAsync(service, "key-1", "chair");

        await TestService.ReadProblemAsync(other, 422);
        Assert.Equal(1, await OrdersAsync());
    }

    [Fact]
    public async Task Keys_of_different_callers_have_nothing_to_do_with_each_other()
    {
        await using var service = await StartAsync();
        await PostAsync(service, "key-1", "desk");

        using var other = await PostAsync(service, "key-1", "chair", TestTokens.Mint("orders"));

        Assert.Equal(HttpStatusCode.Created, other.StatusCode);
        Assert.Equal(2, await OrdersAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a\tkey")]
    public async Task A_request_without_a_usable_key_is_400(string? key)
    {
        await using var service = await StartAsync();

        using var answer = await PostAsync(service, key, "desk");
        using var tooLong = await PostAsync(service, new string('k', 300), "desk");

        await TestService.ReadProblemAsync(answer, 400);
        await TestService.ReadProblemAsync(tooLong, 400);
        Assert.Equal(0, await OrdersAsync());
    }

    [Fact]
    public async Task Of_requests_at_the_same_time_one_happens_and_all_get_its_answer()
    {
        await using var service = await StartAsync();
        await using var replica = await StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(call => PostAsync(call % 2 == 0 ? service : replica, "key-1", "desk")));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.StatusCode));
        Assert.Single(answers.Select(answer => answer.Headers.Location?.ToString()).Distinct());
        Assert.Single(answers, answer => !answer.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal(1, await OrdersAsync());
    }

    [Fact]
    public async Task Whoever_waits_too_long_for_the_first_is_told_to_come_back()
    {
        var entered = new TaskCompletionSource();
        var proceed = new TaskCompletionSource();
        _meanwhile = () =>
        {
            entered.TrySetResult();
            return proceed.Task;
        };
        await using var service = await StartAsync(new() { ["Idempotency:Patience"] = "00:00:00.200" });
        var first = PostAsync(service, "key-1", "desk");
        await entered.Task;

        using var second = await PostAsync(service, "key-1", "desk");
        proceed.SetResult();

        await TestService.ReadProblemAsync(second, 409);
        Assert.NotNull(second.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.Created, (await first).StatusCode);
    }

    [Fact]
    public async Task A_failure_leaves_nothing_behind_and_the_key_can_be_used_again()
    {
        await using var service = await StartAsync();
        _meanwhile = () => throw new InvalidOperationException("after the order was written");
        using (var failed = await PostAsync(service, "key-1", "desk"))
        {
            await TestService.ReadProblemAsync(failed, 500);
        }

        Assert.Equal(0, await OrdersAsync());
        _meanwhile = () => Task.CompletedTask;
        using (var refused = await PostAsync(service, "key-1", ""))
        {
            await TestService.ReadProblemAsync(refused, 400);
        }

        using var answer = await PostAsync(service, "key-1", "desk");

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(1, await OrdersAsync());
    }

    [Fact]
    public async Task A_crash_between_the_work_and_the_answer_undoes_the_work()
    {
        // What the end of a process does to its transaction: the server ends the session.
        await using var service = await StartAsync();
        _meanwhile = async () => await _postgres.ExecuteAsync(
            "postgres", $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{_database}' AND state = 'idle in transaction'");
        using (var failed = await PostAsync(service, "key-1", "desk"))
        {
            Assert.Equal(HttpStatusCode.InternalServerError, failed.StatusCode);
        }

        Assert.Equal(0, await OrdersAsync());
        _meanwhile = () => Task.CompletedTask;
        using var again = await PostAsync(service, "key-1", "desk");

        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal(1, await OrdersAsync());
    }

    [Fact]
    public async Task A_key_is_forgotten_after_its_time()
    {
        await using (var service = await StartAsync(new() { ["Idempotency:Retention"] = "00:00:01" }))
        {
            await PostAsync(service, "key-1", "desk");
            await PostAsync(service, "key-2", "desk");
            await Eventually.TrueAsync(
                async () => (bool)(await _postgres.ExecuteAsync(_database, "SELECT bool_and(expires_at <= now()) FROM idempotency_keys"))!, "The time is over");

            using var again = await PostAsync(service, "key-1", "chair");

            Assert.Equal(HttpStatusCode.Created, again.StatusCode);
            Assert.Equal(3, await OrdersAsync());
        }

        await Eventually.TrueAsync(
            async () => (bool)(await _postgres.ExecuteAsync(_database, "SELECT bool_and(expires_at <= now()) FROM idempotency_keys"))!, "The time is over");
        await using var next = await StartAsync();
        await Eventually.TrueAsync(
            async () => (long)(await _postgres.ExecuteAsync(_database, "SELECT count(*) FROM idempotency_keys"))! == 0, "The rows are gone");
    }

    private async Task<TestService> StartAsync(Dictionary<string, string?>? settings = null)
    {
        var service = await TestService.StartAsync(
            app => app.MapPost("/orders", OrderAsync).AllowAnonymous().RequireIdempotencyKey(),
            builder => builder.AddIdempotencyKeys(_ => _source),
            settings,
            denyByDefault: true);
        await Eventually.TrueAsync(async () => (await service.Http.GetAsync("/ready")).IsSuccessStatusCode, "Ready");
        return service;
    }

    private async Task<IResult> OrderAsync(Order order, IdempotentRequest request, CancellationToken cancellationToken)
    {
        if (order.Name.Length == 0)
        {
            return TypedResults.Problem("A name is needed.", statusCode: StatusCodes.Status400BadRequest);
        }

        await using var insert = new NpgsqlCommand(
            "INSERT INTO orders (name) VALUES (@name) RETURNING id", (NpgsqlConnection)request.Connection, (NpgsqlTransaction)request.Transaction);
        insert.Parameters.AddWithValue("name", order.Name);
        var id = (int)(await insert.ExecuteScalarAsync(cancellationToken))!;
        await _meanwhile();
        return TypedResults.Created($"/orders/{id}", new { id, order.Name });
    }

    private async Task<long> OrdersAsync() => (long)(await _postgres.ExecuteAsync(_database, "SELECT count(*) FROM orders"))!;

    private static async Task<HttpResponseMessage> PostAsync(TestService service, string? key, string name, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orders")
        {
            Content = new StringContent($$"""{"name":"{{name}}"}""", Encoding.UTF8, "application/json"),
        };
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        return await service.Http.SendAsync(request);
    }

    private sealed record Order(string Name);
}
