using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.Registry;
using Trellis.ServiceDefaults.Health;

namespace Trellis.ServiceDefaults.Http;

/// <summary>The destinations of all clients, each with its limits, its breaker and what of it can be seen.</summary>
internal sealed class Destinations : IBreakerStates
{
    public const string MeterName = "Trellis.Http.Client";

    /// <summary>Addresses may come from outside. Those of a client that has more than this many share a breaker.</summary>
    private const int MostOfAClient = 1000;

    private readonly ConcurrentDictionary<Destination, CircuitBreakerStateProvider> _breakers = new();
    private readonly Lock _building = new();
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly ResiliencePipelineRegistry<Destination> _pipelines;
    private readonly IOptionsMonitor<HttpClientSettings> _settings;

    private readonly TimeProvider _time;

    public Destinations(
        ResiliencePipelineRegistry<Destination> pipelines, IOptionsMonitor<HttpClientSettings> settings, IMeterFactory meters, TimeProvider time)
    {
        (_pipelines, _settings, _time) = (pipelines, settings, time);
        meters.Create(MeterName).CreateObservableGauge(
            "trellis.http.client.breaker.state",
            () => _breakers.Select(breaker => new Measurement<int>(
                Number(breaker.Value.CircuitState),
                new("http.client.name", breaker.Key.Client),
                new("server.address", breaker.Key.Authority))),
            description: "Whether calls to a destination are let through: 0 yes, 1 one to find out, 2 no.");
    }

    public IReadOnlyDictionary<string, string> States => _breakers.ToDictionary(
        breaker => breaker.Key.ToString(), breaker => breaker.Value.CircuitState.ToString(), StringComparer.Ordinal);

    /// <summary>What a call goes through, from the outside to the inside: its time, its turn, its repetitions, the breaker, the attempt's time.</summary>
    public ResiliencePipeline<HttpResponseMessage> PipelineOf(string client, HttpRequestMessage request)
    {
        var destination = Destination.Of(client, request.RequestUri);
        return _pipelines.TryGetPipeline<HttpResponseMessage>(destination, out var known) ? known : Add(destination);
    }

    private ResiliencePipeline<HttpResponseMessage> Add(Destination destination)
    {
        // One at a time: the registry builds a pipeline more than once for first calls that come together, and a second breaker cannot show its
        // state where the first does.
        lock (_building)
        {
            if (_pipelines.TryGetPipeline<HttpResponseMessage>(destination, out var known))
            {
                return known;
            }

            var count = _counts.GetValueOrDefault(destination.Client);
            if (count < MostOfAClient)
            {
                _counts[destination.Client] = count + 1;
            }
            else
            {
                destination = destination with { Authority = "*" };
            }

            return _pipelines.GetOrAddPipeline<HttpResponseMessage>(destination, builder => Build(builder, destination));
        }
    }

    private static int Number(CircuitState state) => state switch
    {
        CircuitState.Closed => 0,
        CircuitState.HalfOpen => 1,
        _ => 2,
    };

    private static HttpTimeoutStrategyOptions Limit(string name, TimeSpan time) => new()
    {
        Name = name,
        TimeoutGenerator = call => ValueTask.FromResult(GrpcDefaults.IsUnbounded(call.Context.GetRequestMessage()) ? Timeout.InfiniteTimeSpan : time),
    };

    private void Build(ResiliencePipelineBuilder<HttpResponseMessage> builder, Destination destination)
    {
        var settings = _settings.Get(destination.Client);
        var breaker = _breakers.GetOrAdd(destination, _ => new CircuitBreakerStateProvider());
        builder.AddTimeout(Limit("Call", settings.Timeout));
        builder.AddConcurrencyLimiter(settings.MaxConcurrentCalls, settings.MaxWaitingCalls);
        if (settings.Retries > 0)
        {
            builder.AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = settings.Retries,
                Delay = settings.RetryDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldRetryAfterHeader = true,
                ShouldHandle = call => ValueTask.FromResult(
                    RepeatableRequests.MayRepeat(call.Context.GetRequestMessage(), call.Outcome, settings.Timeout, _time.GetUtcNow())),
            });
        }

        builder.AddCircuitBreaker(new HttpCircuitBreakerStrategyOptions
        {
            FailureRatio = settings.BreakerFailureRatio,
            MinimumThroughput = settings.BreakerMinimumAttempts,
            SamplingDuration = settings.BreakerSampling,
            BreakDuration = settings.BreakerPause,
            StateProvider = breaker,
        });
        builder.AddTimeout(Limit("Attempt", settings.AttemptTimeout));
    }
}
