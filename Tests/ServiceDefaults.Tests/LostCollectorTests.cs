using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Trellis.ServiceDefaults.Tests;

/// <summary>A collector that is away is nobody's problem but its own.</summary>
public sealed class LostCollectorTests
{
    private const int Requests = 4000;

    /// <summary>After which an export is given up, unless it is configured; no request waits for one.</summary>
    private static readonly TimeSpan ExportTimeout = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Requests_are_as_fast_as_ever_and_memory_does_not_grow(bool acceptsAndIsSilent)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var collector = $"http://{listener.LocalEndpoint}";
        if (!acceptsAndIsSilent)
        {
            listener.Stop();
        }

        await using var alone = await ServiceProcess.StartAsync();
        await using var lost = await ServiceProcess.StartAsync(new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector,
            ["Telemetry__SamplingRatio"] = "1",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "500",
        });
        await MeasureAsync(alone, 200);
        await MeasureAsync(lost, 200);

        // Taken in turn, so that what else the machine does falls on both.
        var (usual, without) = (new List<TimeSpan>(), new List<TimeSpan>());
        var memory = new List<long>();
        for (var round = 0; round < 4; round++)
        {
            usual.AddRange(await MeasureAsync(alone, Requests / 4));
            without.AddRange(await MeasureAsync(lost, Requests / 4));
            memory.Add(MemoryOf(lost));
        }

        Assert.True(Median(without) < 3 * Median(usual) + TimeSpan.FromMilliseconds(1), $"{Median(without)} against {Median(usual)}");
        Assert.True(without.Max() < ExportTimeout, $"A request took {without.Max()}.");
        Assert.True(memory[^1] - memory[1] < 64 << 20, $"The memory grew: {string.Join(", ", memory)}");
    }

    private static async Task<IReadOnlyList<TimeSpan>> MeasureAsync(ServiceProcess service, int requests)
    {
        var times = new List<TimeSpan>(requests);
        for (var request = 0; request < requests; request++)
        {
            var start = Stopwatch.GetTimestamp();
            using var response = await service.Http.GetAsync("/items/7");
            response.EnsureSuccessStatusCode();
            times.Add(Stopwatch.GetElapsedTime(start));
        }

        return times;
    }

    private static TimeSpan Median(IEnumerable<TimeSpan> times)
    {
        var sorted = times.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private static long MemoryOf(ServiceProcess service)
    {
        using var process = Process.GetProcessById(service.Id);
        return process.WorkingSet64;
    }
}
