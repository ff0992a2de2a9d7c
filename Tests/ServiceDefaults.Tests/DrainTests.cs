using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;

namespace Trellis.ServiceDefaults.Tests;

public sealed class DrainTests
{
    [Fact]
    public async Task On_sigterm_it_is_not_ready_at_once_still_serves_closes_connections_and_finishes_what_it_began()
    {
        await using var service = await ServiceProcess.StartAsync(new() { ["Health__DrainDelay"] = "00:00:03" });
        var inFlight = service.Http.GetStringAsync("/slow?milliseconds=4500");
        using (var before = await service.Http.GetAsync("/items/1"))
        {
            Assert.NotEqual(true, before.Headers.ConnectionClose);
        }

        await service.TerminateAsync();
        await Eventually.TrueAsync(
            async () => (await service.Http.GetAsync("/ready")).StatusCode == HttpStatusCode.ServiceUnavailable, "Not ready any more", seconds: 2);
        using var during = await service.Http.GetAsync("/items/1");

        Assert.Equal(HttpStatusCode.OK, during.StatusCode);
        Assert.Equal(true, during.Headers.ConnectionClose);
        Assert.Equal("done", await inFlight);
        Assert.Equal(0, await service.EndAsync());
    }

    [Fact]
    public async Task A_request_longer_than_the_time_to_stop_does_not_keep_it()
    {
        await using var service = await ServiceProcess.StartAsync(new() { ["Health__StopTimeout"] = "00:00:00.500" });
        var inFlight = service.Http.GetStringAsync("/slow?milliseconds=25000");
        await service.Http.GetAsync("/items/1");
        var asked = Stopwatch.StartNew();

        await service.TerminateAsync();
        await service.EndAsync();

        Assert.InRange(asked.Elapsed.TotalSeconds, 0, 20);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => inFlight);
    }

    [Fact]
    public async Task In_development_a_collector_that_is_gone_does_not_hold_up_the_stop()
    {
        await using var service = await ServiceProcess.StartAsync(new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1",
            // As the AppHost sets it; the exporters would try again for eight seconds.
            ["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory",
        });
        await service.Http.GetAsync("/items/1");
        var asked = Stopwatch.StartNew();

        await service.TerminateAsync();

        Assert.Equal(0, await service.EndAsync());
        Assert.InRange(asked.Elapsed.TotalSeconds, 0, 6);
    }

    [Fact]
    public async Task Rolling_restarts_under_load_fail_no_request()
    {
        var restarts = Environment.GetEnvironmentVariable("TRELLIS_LONG_TESTS") == "1" ? 20 : 3;
        using var stop = new CancellationTokenSource();
        await using var balancer = new Balancer();
        await balancer.AddAsync();
        await balancer.AddAsync();
        var callers = Enumerable.Range(0, 8).Select(_ => balancer.CallUntilAsync(stop.Token)).ToArray();

        for (var restart = 0; restart < restarts; restart++)
        {
            await balancer.ReplaceOldestAsync();
        }

        await stop.CancelAsync();
        var calls = await Task.WhenAll(callers);
        Assert.Empty(balancer.Failures);
        Assert.InRange(calls.Sum(), 100, int.MaxValue);
    }

    /// <summary>What a load balancer does: it asks /ready every 50 ms, and sends requests to the instances that say yes.</summary>
    private sealed class Balancer : IAsyncDisposable
    {
        private readonly ConcurrentDictionary<ServiceProcess, bool> _instances = new();
        private readonly CancellationTokenSource _stop = new();
        private readonly ConcurrentQueue<ServiceProcess> _byAge = new();
        private readonly List<Task> _probes = [];
        private int _next;

        public ConcurrentQueue<string> Failures { get; } = new();

        public async Task AddAsync()
        {
            var instance = await ServiceProcess.StartAsync(new() { ["Health__DrainDelay"] = "00:00:02" });
            _instances[instance] = false;
            _byAge.Enqueue(instance);
            _probes.Add(ProbeAsync(instance));
            await Eventually.TrueAsync(() => _instances[instance], "An instance becomes ready");
        }

        public async Task ReplaceOldestAsync()
        {
            await AddAsync();
            Assert.True(_byAge.TryDequeue(out var oldest));
            await oldest.TerminateAsync();
            if (await oldest.EndAsync() != 0)
            {
                Failures.Enqueue("An instance did not end well");
            }

            _instances.TryRemove(oldest, out _);
            await oldest.DisposeAsync();
        }

        public async Task<int> CallUntilAsync(CancellationToken cancellationToken)
        {
            var calls = 0;
            for (; !cancellationToken.IsCancellationRequested; calls++)
            {
                var ready = _instances.Where(instance => instance.Value).Select(instance => instance.Key).ToArray();
                var chosen = ready[Interlocked.Increment(ref _next) % ready.Length];
                try
                {
                    // A POST: no client repeats one behind the caller's back.
                    using var answer = calls % 5 == 0
                        ? await chosen.Http.GetAsync("/slow?milliseconds=200", CancellationToken.None)
                        : await chosen.Http.PostAsJsonAsync("/echo", new Dictionary<string, string> { ["call"] = calls.ToString() }, CancellationToken.None);
                    if (answer.StatusCode != HttpStatusCode.OK)
                    {
                        Failures.Enqueue(answer.StatusCode.ToString());
                    }
                }
                catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or ObjectDisposedException)
                {
                    Failures.Enqueue(failure.ToString());
                }
            }

            return calls;
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Task.WhenAll(_probes);
            foreach (var instance in _byAge)
            {
                await instance.DisposeAsync();
            }

            _stop.Dispose();
        }

        private async Task ProbeAsync(ServiceProcess instance)
        {
            using var probe = new HttpClient { BaseAddress = instance.Http.BaseAddress, Timeout = TimeSpan.FromSeconds(5) };
            do
            {
                bool ready;
                try
                {
                    using var answer = await probe.GetAsync("/ready");
                    ready = answer.StatusCode == HttpStatusCode.OK;
                }
                catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
                {
                    ready = false;
                }

                if (!_instances.ContainsKey(instance))
                {
                    return;
                }

                _instances[instance] = ready;
                await Task.Delay(50);
            }
            while (!_stop.IsCancellationRequested);
        }
    }
}
