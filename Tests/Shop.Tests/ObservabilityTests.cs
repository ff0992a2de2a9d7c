using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Trellis.Hosting.Testing;

namespace Shop.Tests;

/// <summary>What an operator can see of a request afterwards, received as the services send it.</summary>
[Collection(ShopApplicationCollection.Name)]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class ObservabilityTests(ShopApplication shop)
{
    [Fact]
    public async Task A_search_is_one_trace_from_the_gateway_into_the_database()
    {
        var query = $"search={Guid.NewGuid():N}";

        await Answers.JsonAsync(await shop.Gateway.GetAsync($"{ShopRun.Products}?{query}"));

        var trace = await shop.Telemetry.WaitForTraceAsync(t => t.Roots is [{ Resource: "gateway" } root] && IsOf(root, query) && t.Spans.Any(IsPostgres));
        Assert.All(trace.Spans.Where(IsPostgres), span => Assert.True(trace.IsCausedBy(span, trace.Roots[0])));
        Assert.Equal(["gateway", "catalog"], trace.Resources);
    }

    [Fact]
    public async Task A_request_that_breaks_the_rules_is_counted_by_its_status_and_found_by_the_id_in_its_answer()
    {
        var problem = await Answers.ProblemAsync(await shop.Gateway.GetAsync($"{ShopRun.Products}?pageSize=1000"), System.Net.HttpStatusCode.BadRequest);

        var traceId = (string)problem["traceId"]!;
        await shop.Telemetry.WaitForSpanAsync(span => span.TraceId == traceId && span.Kind == ActivityKind.Server && span.Resource == "catalog");
        await shop.Telemetry.WaitForMetricAsync(metric =>
            metric is { Resource: "catalog", Name: "http.server.request.duration", Count: > 0 } && metric.Attributes["http.response.status_code"] is 400L);
    }

    [Fact]
    public async Task Services_say_where_they_listen()
    {
        var log = await shop.Telemetry.WaitForLogAsync(l => l.Resource == "catalog" && l.Text.StartsWith("Now listening on", StringComparison.Ordinal));

        Assert.Equal(LogLevel.Information, log.Level);
    }

    private static bool IsOf(TelemetrySpan span, string query) => span.Attributes.Text("url.query") == $"?{query}";

    private static bool IsPostgres(TelemetrySpan span) => span.Resource == "catalog" && span.Attributes.Text("db.system.name") == "postgresql";
}
