using System.Net;
using Trellis.Tests;

namespace Shop.Tests;

/// <summary>What the services tell the dashboard about a request, read from the dashboard's API.</summary>
[Collection(DashboardRunCollection.Name)]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class TelemetryTests(DashboardRun run)
{
    [Fact]
    public async Task One_trace_follows_a_request_from_the_gateway_into_database_and_cache_and_a_repeated_one_ends_in_the_cache()
    {
        // A search that nobody has made, so that nothing is cached.
        var query = $"search={Guid.NewGuid():N}";

        await run.SearchAsync(query);
        var first = await TraceAsync(query, except: [], trace => trace.Any(IsPostgres));
        Assert.All(first, span => Assert.Contains(span.Service, (string[])["gateway", "catalog"]));

        // News from the inventory, which has a lot to tell after its first start, makes the catalogue forget what it shows.
        await Eventually.TrueAsync(
            async () =>
            {
                var known = (await run.SpansAsync()).Where(span => span.Query == $"?{query}").Select(span => span.TraceId).ToHashSet(StringComparer.Ordinal);
                await run.SearchAsync(query);
                return !(await TraceAsync(query, known, _ => true)).Any(IsPostgres);
            },
            "A repeated search always asked the database");
    }

    [Fact]
    public async Task The_telemetry_is_for_those_with_the_key()
    {
        using var client = new HttpClient();

        using var response = await client.GetAsync(new Uri(run.Dashboard, "/api/telemetry/traces"));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    /// <summary>
    /// The trace of a search, once it has arrived. The catalogue's own span of the request is exported after those of its database calls, which
    /// ended before, so that with it a database call that is not there was not made.
    /// </summary>
    private async Task<IReadOnlyList<Span>> TraceAsync(string query, HashSet<string> except, Func<IReadOnlyList<Span>, bool> isComplete)
    {
        IReadOnlyList<Span> trace = [];
        await Eventually.TrueAsync(
            async () =>
            {
                var spans = await run.SpansAsync();
                trace = spans.Where(span => span.Query == $"?{query}" && span.Service == "gateway" && !except.Contains(span.TraceId))
                    .Select(root => (IReadOnlyList<Span>)[.. spans.Where(span => span.TraceId == root.TraceId)])
                    .FirstOrDefault([]);
                return trace.Any(span => span.Service == "catalog" && span.Query == $"?{query}") && trace.Any(IsRedis) && isComplete(trace);
            },
            $"There was no complete trace of the search {query}");
        return trace;
    }

    private static bool IsPostgres(Span span) => span is { Service: "catalog", Database: "postgresql" };

    private static bool IsRedis(Span span) => span is { Service: "catalog", Database: "redis" };
}
