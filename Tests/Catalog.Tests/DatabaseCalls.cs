using System.Collections.Concurrent;
using System.Diagnostics;

namespace Shop.Catalog.Tests;

/// <summary>Listens for the spans that Npgsql makes of database calls, and tells which belong to a request.</summary>
public sealed class DatabaseCalls : IDisposable
{
    private readonly ConcurrentBag<ActivityTraceId> _calls = [];
    private readonly ActivityListener _listener;

    public DatabaseCalls()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = call => _calls.Add(call.TraceId),
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>Sends a GET in a trace of its own; returns its body and how many database calls it made.</summary>
    public async Task<(string Body, int Calls)> GetAsync(HttpClient client, string path)
    {
        var trace = ActivityTraceId.CreateRandom();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");
        using var response = await client.SendAsync(request);
        return (await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(), _calls.Count(call => call == trace));
    }

    public void Dispose() => _listener.Dispose();
}
