using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Shop.Receipts.Tests;

/// <summary>
/// The runtime API as https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html describes it, since Lambda's own is nowhere but in Lambda. What that page does
/// not say, this does not prove.
/// </summary>
internal sealed class FakeRuntimeApi : IAsyncDisposable
{
    /// <summary>The largest event and answer.</summary>
    public const int LargestPayload = (6 * 1024 * 1024) + 100;

    private const string Root = "/2018-06-01/runtime";

    private readonly WebApplication _server;
    private readonly Channel<(string Id, string Event, DateTimeOffset Deadline)> _next = Channel.CreateUnbounded<(string, string, DateTimeOffset)>();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Outcome>> _outcomes = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource<Outcome> _initialization = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _invocations;
    private int _taken;

    private FakeRuntimeApi()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        _server = builder.Build();
        _server.Urls.Add("http://127.0.0.1:0");
        _server.MapGet(Root + "/invocation/next", NextAsync);
        _server.MapPost(Root + "/invocation/{id}/response", (string id, HttpRequest request) => EndAsync(id, "response", request));
        _server.MapPost(Root + "/invocation/{id}/error", (string id, HttpRequest request) => EndAsync(id, "error", request));
        _server.MapPost(Root + "/init/error", async (HttpRequest request) =>
        {
            _initialization.TrySetResult(await ReadAsync("error", request));
            return Results.Accepted();
        });
    }

    /// <summary>Host and port.</summary>
    public string Address => new Uri(_server.Urls.Single()).Authority;

    /// <summary>What the function says when it cannot start.</summary>
    public Task<Outcome> Initialization => _initialization.Task.WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>Ends when the function has asked for its first invocation.</summary>
    public Task Asked => _asked.Task.WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>Answers that are refused as too large.</summary>
    public int LargestAnswer { get; set; } = LargestPayload;

    public static async Task<FakeRuntimeApi> StartAsync()
    {
        var api = new FakeRuntimeApi();
        await api._server.StartAsync();
        return api;
    }

    /// <summary>The event of a request to an HTTP API.</summary>
    public static JsonObject Request(string body, string accept = "text/html", string method = "POST", string path = "/api/receipts") => new()
    {
        ["version"] = "2.0",
        ["routeKey"] = "$default",
        ["rawPath"] = path,
        ["rawQueryString"] = "",
        ["headers"] = new JsonObject { ["content-type"] = "application/json", ["accept"] = accept, ["host"] = "abc.execute-api.eu-central-1.amazonaws.com", ["content-length"] = "7" },
        ["requestContext"] = new JsonObject { ["stage"] = "$default", ["http"] = new JsonObject { ["method"] = method, ["path"] = path } },
        ["body"] = body,
        ["isBase64Encoded"] = false,
    };

    /// <summary>Invokes the function.</summary>
    public async Task<Outcome> InvokeAsync(string @event, TimeSpan? timeout = null)
    {
        Assert.InRange(Encoding.UTF8.GetByteCount(@event), 0, LargestPayload);
        var id = $"00000000-0000-0000-0000-{Interlocked.Increment(ref _invocations):D12}";
        var outcome = _outcomes[id] = new TaskCompletionSource<Outcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        await _next.Writer.WriteAsync((id, @event, TimeProvider.System.GetUtcNow() + (timeout ?? TimeSpan.FromSeconds(30))));
        return await outcome.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    public Task<Outcome> InvokeAsync(JsonObject @event) => InvokeAsync(@event.ToJsonString());

    /// <summary>Waits until the function has taken as many invocations.</summary>
    public Task TakenAsync(int count) => Eventually.TrueAsync(() => Task.FromResult(Volatile.Read(ref _taken) >= count), "The function takes no more invocations");

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _server.StopAsync(now.Token);
        await _server.DisposeAsync();
    }

    private static async Task<Outcome> ReadAsync(string kind, HttpRequest request)
    {
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        return new Outcome(kind, JsonNode.Parse(await reader.ReadToEndAsync())!.AsObject(), request.Headers["Lambda-Runtime-Function-Error-Type"]);
    }

    private async Task<IResult> NextAsync(HttpResponse response, CancellationToken aborted)
    {
        _asked.TrySetResult();
        var (id, @event, deadline) = await _next.Reader.ReadAsync(aborted);
        response.OnCompleted(() =>
        {
            Interlocked.Increment(ref _taken);
            return Task.CompletedTask;
        });
        response.Headers["Lambda-Runtime-Aws-Request-Id"] = id;
        response.Headers["Lambda-Runtime-Deadline-Ms"] = deadline.ToUnixTimeMilliseconds().ToString();
        response.Headers["Lambda-Runtime-Trace-Id"] = "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1";
        return Results.Text(@event, "application/json");
    }

    private async Task<IResult> EndAsync(string id, string kind, HttpRequest request)
    {
        var outcome = await ReadAsync(kind, request);
        if (kind == "response" && outcome.Body.ToJsonString().Length > LargestAnswer)
        {
            return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        }

        return _outcomes[id].TrySetResult(outcome) ? Results.Accepted() : Results.BadRequest();
    }

    /// <summary>How an invocation ended.</summary>
    internal sealed record Outcome(string Kind, JsonObject Body, string? ErrorType)
    {
        public int Status => (int)Body["statusCode"]!;

        /// <summary>The body of the answer.</summary>
        public byte[] Content => (bool)Body["isBase64Encoded"]! ? Convert.FromBase64String((string)Body["body"]!) : Encoding.UTF8.GetBytes((string)Body["body"]!);

        public string Text => Encoding.UTF8.GetString(Content);

        public string? Header(string name) => (string?)Body["headers"]![name];
    }
}
