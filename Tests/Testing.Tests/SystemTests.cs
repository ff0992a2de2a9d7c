using System.Diagnostics;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Trellis.Tests;

namespace Trellis.Hosting.Testing.Tests;

/// <summary>The whole system under test: real services, two gateways, and what they say of themselves.</summary>
public sealed class SystemTests
{
    [Fact]
    public async Task Services_and_their_replicas_are_seen_in_traces_metrics_and_logs()
    {
        using var folder = new TemporaryFolder();
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            [$"--Processes:DataRoot={folder["data"]}", "--Parameters:postgres-password=Prepared0Password", "--Parameters:cache-password=Prepared0Password"], Running.Deadline);
        var telemetry = builder.AddTelemetryReceiver();
        builder.CreateResourceBuilder((ProjectResource)builder.Resources.Single(resource => resource.Name == "gateway")).WithReplicas(2);
        var application = await builder.BuildAsync(Running.Deadline);
        await application.StartHealthyAsync(TimeSpan.FromSeconds(120));
        Assert.Equal(2, await HealthyInstancesAsync(application, "gateway"));

        using var client = application.CreateHttpClient("gateway", "http");
        for (var i = 0; telemetry.Metrics.Where(IsRequestDuration).DistinctBy(metric => metric.Source.Instance).Count() < 2; i++)
        {
            Assert.True(i < 200, "The proxy did not reach both gateways");
            using var one = new HttpRequestMessage(HttpMethod.Get, "/api/catalog/products?search=lamp&pageSize=1") { Headers = { ConnectionClose = true } };
            (await client.SendAsync(one, Running.Deadline)).EnsureSuccessStatusCode();
            await telemetry.WaitForSpanAsync(span => span.Resource == "gateway" && span.Kind == ActivityKind.Server);
        }

        var trace = await telemetry.WaitForTraceAsync(t =>
            t.Resources.SequenceEqual(["gateway", "catalog"]) && t.Roots.Count == 1 && t.Spans.Any(span => span.Attributes.Text("db.system.name") == "postgresql"));
        var query = trace.Spans.First(span => span.Attributes.Text("db.system.name") == "postgresql");
        Assert.Equal(("catalog", "gateway"), (query.Resource, trace.Roots[0].Resource));
        Assert.True(trace.IsCausedBy(query, trace.Roots[0]));
        await telemetry.WaitForLogAsync(log => log.Resource == "catalog" && log.Category.StartsWith("Microsoft.Hosting.Lifetime", StringComparison.Ordinal));
        await telemetry.WaitForMetricAsync(metric => metric.Resource == "catalog" && IsRequestDuration(metric) && metric.Count > 0);
    }

    [Fact]
    public async Task A_service_can_be_started_with_what_it_needs_and_without_the_rest()
    {
        using var folder = new TemporaryFolder();
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            [$"--Processes:DataRoot={folder["data"]}", "--Parameters:postgres-password=Prepared0Password", "--Parameters:cache-password=Prepared0Password"], Running.Deadline);
        var application = await builder.StartOnly("cache").BuildAsync(Running.Deadline);

        await application.StartHealthyAsync(TimeSpan.FromSeconds(120));

        await application.WaitForHealthyAsync("cache", Running.Patience);
        Assert.All((string[])["gateway", "catalog", "postgres-process"], name => Assert.Equal("NotStarted", application.StateOf(name)));
        Assert.False(Directory.Exists(folder["data/postgres"]));
    }

    private static bool IsRequestDuration(TelemetryMetric metric) => metric is { Name: "http.server.request.duration", Kind: TelemetryMetricKind.Histogram }
        && (metric.Resource != "gateway" || metric.Attributes.Text("http.route")?.Contains("catalog", StringComparison.Ordinal) == true);

    private static async Task<int> HealthyInstancesAsync(DistributedApplication application, string resource)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await application.ResourceNotifications.WaitForResourceAsync(
            resource,
            change => change.Snapshot.HealthStatus == HealthStatus.Healthy && seen.Add(change.ResourceId) && seen.Count == 2,
            Running.Deadline);
        return seen.Count;
    }
}
