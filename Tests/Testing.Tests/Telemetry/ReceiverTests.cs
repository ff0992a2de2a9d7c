using System.Net.Sockets;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Trellis.Tests;

namespace Trellis.Hosting.Testing.Tests.Telemetry;

/// <summary>What a test can ask the receiver, what it says when nothing comes, and how it ends.</summary>
public sealed class ReceiverTests
{
    [Fact]
    public async Task A_wait_in_vain_says_what_came_instead_what_was_refused_and_who_was_silent()
    {
        await using var builder = Running.Builder();
        var receiver = builder.AddTelemetryReceiver();
        builder.AddShell("mute", "exec sleep 60").WithOtlpExporter();
        await builder.StartAsync();
        await Eventually.TrueAsync(() => receiver.WasGivenTo("mute"), "The resource was not started");
        await receiver.CallAsync(Payload.Span("GET /here"));
        await receiver.CallAsync(Payload.Span("GET /here"));
        (await receiver.PostAsync([1], key: "guessed")).Dispose();

        var failure = await Assert.ThrowsAsync<TimeoutException>(() => receiver.WaitForSpanAsync(s => s.Name == "GET /there", TimeSpan.FromMilliseconds(50)));

        Assert.StartsWith("No span came within 0.05 s of which this holds: s => s.Name == \"GET /there\"", failure.Message, StringComparison.Ordinal);
        Assert.Contains("  sender: GET /here (2 times)", failure.Message, StringComparison.Ordinal);
        Assert.Contains("nothing has come from: mute", failure.Message, StringComparison.Ordinal);
        Assert.Contains("1 requests were refused", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wait_that_is_cancelled_says_the_same()
    {
        await using var builder = Running.Builder();
        var receiver = builder.AddTelemetryReceiver();
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        var failure = await Assert.ThrowsAsync<OperationCanceledException>(() => receiver.WaitForLogAsync(log => true, cancellationToken: cancelled.Token));

        Assert.Contains("No log record came before the waiting was cancelled", failure.Message, StringComparison.Ordinal);
        Assert.Contains("The application has not been started", failure.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => receiver.GrpcEndpoint);
        Assert.Throws<InvalidOperationException>(() => receiver.HttpEndpoint);
    }

    [Fact]
    public async Task A_wait_ends_when_what_it_waits_for_comes()
    {
        await using var builder = Running.Builder();
        var receiver = builder.AddTelemetryReceiver();
        await builder.StartAsync();
        await receiver.CallAsync(Payload.Span("first"));

        var waiting = receiver.WaitForSpanAsync(span => span.Name == "second", Running.Patience);
        Assert.False(waiting.IsCompleted);
        await receiver.CallAsync(Payload.Span("second"));

        Assert.Equal("second", (await waiting).Name);
        receiver.Clear();
        Assert.Empty(receiver.Spans);
    }

    [Fact]
    public async Task What_is_oldest_makes_room_when_there_is_more_than_fits()
    {
        await using var builder = Running.Builder();
        var receiver = builder.AddTelemetryReceiver(options => options.Capacity = 2000);
        await builder.StartAsync();
        for (var i = 0; i < 20; i++)
        {
            await receiver.CallAsync(Payload.Span($"span {i}"));
            (await receiver.PostAsync(Payload.DeltaOf($"counter {i}", 1, "a"), path: "v1/metrics")).Dispose();
        }

        Assert.InRange(receiver.Spans.Count, 2, 10);
        Assert.Equal("span 19", receiver.Spans[^1].Name);
        Assert.InRange(receiver.Metrics.Count, 2, 10);
        Assert.Equal("counter 19", receiver.Metrics[^1].Name);
        var failure = await Assert.ThrowsAsync<TimeoutException>(() => receiver.WaitForSpanAsync(span => span.Name == "span 0", TimeSpan.Zero));
        Assert.Contains($"{20 - receiver.Spans.Count} came earlier and had to make room", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_ends_with_the_application_and_keeps_what_came(bool asynchronously)
    {
        await using var builder = Running.Builder();
        var receiver = builder.AddTelemetryReceiver();
        var application = await builder.StartAsync();
        await receiver.CallAsync(Payload.Span("kept"));
        var waiting = receiver.WaitForSpanAsync(span => span.Name == "never", Running.Patience);

        if (asynchronously)
        {
            await application.DisposeAsync();
        }
        else
        {
            application.Dispose();
        }

        var failure = await Assert.ThrowsAsync<OperationCanceledException>(() => waiting);
        Assert.Contains("before the application was disposed", failure.Message, StringComparison.Ordinal);
        Assert.Equal("kept", Assert.Single(receiver.Spans).Name);
        foreach (var endpoint in (Uri[])[receiver.GrpcEndpoint, receiver.HttpEndpoint])
        {
            using var client = new TcpClient();
            await Assert.ThrowsAsync<SocketException>(() => client.ConnectAsync(endpoint.Host, endpoint.Port));
        }
    }

    [Fact]
    public async Task There_is_one_for_an_application_and_two_applications_have_ports_and_keys_of_their_own()
    {
        await using var first = Running.Builder();
        await using var second = Running.Builder();
        var receiver = first.AddTelemetryReceiver();
        Assert.Same(receiver, first.AddTelemetryReceiver(options => options.DefaultTimeout = TimeSpan.FromMilliseconds(20)));
        var other = second.AddTelemetryReceiver();
        var applications = await Task.WhenAll(first.StartAsync(), second.StartAsync());

        Assert.Same(receiver, applications[0].Services.GetRequiredService<TelemetryReceiver>());
        Assert.Equal(4, new[] { receiver.GrpcEndpoint, receiver.HttpEndpoint, other.GrpcEndpoint, other.HttpEndpoint }.Distinct().Count());
        Assert.NotEqual(receiver.ApiKey, other.ApiKey);
        var failure = await Assert.ThrowsAsync<TimeoutException>(() => receiver.WaitForMetricAsync(metric => true));
        Assert.Contains("within 0.02 s", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Resources_with_an_exporter_are_told_to_send_to_it_whether_there_is_a_dashboard_or_not(bool dashboard)
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync(
            typeof(Projects.AppHost), [], (options, _) => options.DisableDashboard = !dashboard, Running.Deadline);
        var receiver = builder.AddTelemetryReceiver();
        builder.AddShell("grpc", "env | sort; exec sleep 60").WithOtlpExporter();
        builder.AddShell("http", "env | sort; exec sleep 60").WithOtlpExporter(OtlpProtocol.HttpProtobuf);
        builder.AddShell("none", "env | sort; exec sleep 60");
        var application = await builder.StartOnly("grpc", "http", "none").StartAsync();

        var grpc = await EnvironmentOfAsync(application, "grpc");
        var http = await EnvironmentOfAsync(application, "http");
        var none = await EnvironmentOfAsync(application, "none");

        Assert.Equal((receiver.GrpcEndpoint.AbsoluteUri, "grpc"), (grpc["OTEL_EXPORTER_OTLP_ENDPOINT"], grpc["OTEL_EXPORTER_OTLP_PROTOCOL"]));
        Assert.Equal((receiver.HttpEndpoint.AbsoluteUri, "http/protobuf"), (http["OTEL_EXPORTER_OTLP_ENDPOINT"], http["OTEL_EXPORTER_OTLP_PROTOCOL"]));
        Assert.All([grpc, http], variables => Assert.Equal($"x-otlp-api-key={receiver.ApiKey}", variables["OTEL_EXPORTER_OTLP_HEADERS"]));
        Assert.All([grpc, http], variables => Assert.Equal("100", variables["OTEL_METRIC_EXPORT_INTERVAL"]));
        Assert.DoesNotContain("OTEL_EXPORTER_OTLP_ENDPOINT", none.Keys);
    }

    private static async Task<Dictionary<string, string>> EnvironmentOfAsync(DistributedApplication application, string resource)
    {
        Dictionary<string, string> variables = [];
        await Eventually.TrueAsync(
            async () =>
            {
                var lines = (await LogOfAsync(application, resource)).Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]).ToArray();
                variables = lines.Where(line => line.Contains('=', StringComparison.Ordinal)).Select(line => line.Split('=', 2))
                    .DistinctBy(pair => pair[0]).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
                return variables.ContainsKey("_") || variables.ContainsKey("PWD");
            },
            "The resource did not write its environment");
        return variables;
    }

    private static async Task<IReadOnlyList<string>> LogOfAsync(DistributedApplication application, string resource)
    {
        var state = await application.ResourceNotifications.WaitForResourceAsync(resource, e => e.Snapshot.State?.Text == KnownResourceStates.Running, Running.Deadline);
        var lines = new List<string>();
        await foreach (var batch in application.Services.GetRequiredService<ResourceLoggerService>().GetAllAsync(state.ResourceId))
        {
            lines.AddRange(batch.Select(line => line.Content));
        }

        return lines;
    }
}
