using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Polly;
using Polly.Retry;

namespace Trellis.Benchmarks.Load;

/// <summary>The shop as a customer sees it through the gateway, who tries again with the same key while it does not answer.</summary>
public sealed class ShopClient : IDisposable
{
    private readonly LoadOptions _options;
    private readonly HttpClient _http;
    private readonly ResiliencePipeline<HttpResponseMessage> _patient;
    private readonly SemaphoreSlim _renewing = new(1);
    private (string Token, DateTimeOffset RenewAt) _token;
    private long _retries;

    /// <summary>A client for one run.</summary>
    public ShopClient(LoadOptions options)
    {
        _options = options;
        _http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 512, PooledConnectionLifetime = TimeSpan.FromMinutes(1) })
        {
            BaseAddress = options.Gateway,
            Timeout = TimeSpan.FromSeconds(30),
        };
        _patient = new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddTimeout(TimeSpan.FromSeconds(options.Patience))
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                Delay = TimeSpan.FromMilliseconds(100),
                MaxDelay = TimeSpan.FromSeconds(2),
                UseJitter = true,
                ShouldHandle = attempt => ValueTask.FromResult(Temporary(attempt.Outcome)),
                OnRetry = attempt =>
                {
                    Interlocked.Increment(ref _retries);
                    attempt.Outcome.Result?.Dispose();
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    /// <summary>How many requests were sent again.</summary>
    public long Retries => Interlocked.Read(ref _retries);

    /// <summary>Ids of products that can be ordered now, the ones with most pieces first.</summary>
    public async Task<IReadOnlyList<Guid>> ProductsAsync(CancellationToken cancellationToken)
    {
        using var response = await SendAsync(() => new HttpRequestMessage(HttpMethod.Get, "api/catalog/products?pageSize=100"), cancellationToken);
        response.EnsureSuccessStatusCode();
        var page = await response.Content.ReadFromJsonAsync<JsonNode>(cancellationToken);
        return
        [
            .. page!["items"]!.AsArray()
                .Where(product => (long?)product!["available"] is null or > 0)
                .OrderByDescending(product => (long?)product!["available"] ?? 0)
                .Select(product => Guid.Parse((string)product!["id"]!)),
        ];
    }

    /// <summary>Places an order. The same key never makes a second one.</summary>
    public Task<HttpResponseMessage> OrderAsync(Guid key, JsonObject order, CancellationToken cancellationToken) => SendAsync(
        () => new HttpRequestMessage(HttpMethod.Post, "api/ordering/orders") { Headers = { { "Idempotency-Key", key.ToString() } }, Content = JsonContent.Create(order) },
        cancellationToken);

    /// <summary>Asks for an order to be cancelled; it may be too late for that.</summary>
    public Task<HttpResponseMessage> CancelAsync(Guid order, CancellationToken cancellationToken) => SendAsync(
        () => new HttpRequestMessage(HttpMethod.Post, $"api/ordering/orders/{order}/cancel") { Headers = { { "Idempotency-Key", order.ToString() } } }, cancellationToken);

    /// <summary>How an order is.</summary>
    public async Task<JsonNode> FindAsync(Guid order, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(() => new HttpRequestMessage(HttpMethod.Get, $"api/ordering/orders/{order}"), cancellationToken);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonNode>(cancellationToken))!;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _http.Dispose();
        _renewing.Dispose();
    }

    private static bool Temporary(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException or TaskCanceledException { InnerException: TimeoutException } } => true,
        { Result.StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError } => true,
        _ => false,
    };

    private async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> request, CancellationToken cancellationToken) => await _patient.ExecuteAsync(
        async cancel =>
        {
            using var message = request();
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(cancel));
            return await _http.SendAsync(message, cancel);
        },
        cancellationToken);

    private async Task<string> TokenAsync(CancellationToken cancellationToken)
    {
        if (_token.RenewAt > TimeProvider.System.GetUtcNow())
        {
            return _token.Token;
        }

        await _renewing.WaitAsync(cancellationToken);
        try
        {
            if (_token.RenewAt <= TimeProvider.System.GetUtcNow())
            {
                using var form = new FormUrlEncodedContent(new Dictionary<string, string>
                {
                    ["grant_type"] = "client_credentials",
                    ["client_id"] = _options.ClientId,
                    ["client_secret"] = _options.ClientSecret,
                    ["scope"] = "orders",
                });
                using var response = await _http.PostAsync("identity/connect/token", form, cancellationToken);
                response.EnsureSuccessStatusCode();
                var answer = await response.Content.ReadFromJsonAsync<JsonNode>(cancellationToken);
                _token = ((string)answer!["access_token"]!, TimeProvider.System.GetUtcNow().AddSeconds((int)answer["expires_in"]! * 0.8));
            }

            return _token.Token;
        }
        finally
        {
            _renewing.Release();
        }
    }
}
