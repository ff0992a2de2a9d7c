using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Trace;
using Trellis.Messaging.Telemetry;

namespace Trellis.Messaging.Tests;

public sealed class TelemetryTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task One_trace_leads_from_a_request_through_outbox_and_broker_to_the_handler_and_what_it_publishes()
    {
        using var requests = new ActivitySource("requests");
        var spans = new ConcurrentQueue<Activity>();
        using var provider = Sdk.CreateTracerProviderBuilder()
            .AddSource("requests", MessagingTelemetry.Name).AddProcessor(new Collecting(spans)).Build();
        await using var service = await StartAsync(
            m => m.Publish<ItemAdded>().Publish<ItemSeen>().Handle<ItemAdded, Answering>().Handle<ItemSeen, Recorder<ItemSeen>>());
        ActivityTraceId trace;
        using (var request = requests.StartActivity("POST /items", ActivityKind.Server)!)
        {
            trace = request.TraceId;
            await service.PublishAsync(new ItemAdded("lamp"), new PublishOptions { CorrelationId = "order 1" });
        }

        await Eventually.TrueAsync(() => spans.Count(span => span.TraceId == trace) == 7, "the trace is not whole");
        var path = new List<Activity> { spans.Single(span => span.TraceId == trace && span.ParentSpanId == default) };
        while (spans.SingleOrDefault(span => span.TraceId == trace && span.ParentSpanId == path[^1].SpanId) is { } next)
        {
            path.Add(next);
        }

        Assert.Equal(
            [
                "POST /items",
                $"create {ItemAdded.MessageType}", $"send {ItemAdded.MessageType}", $"process {ItemAdded.MessageType}",
                $"create {ItemSeen.MessageType}", $"send {ItemSeen.MessageType}", $"process {ItemSeen.MessageType}",
            ],
            path.Select(span => span.DisplayName));
        Assert.Equal([ActivityKind.Producer, ActivityKind.Client, ActivityKind.Consumer], path.Skip(1).Take(3).Select(span => span.Kind));
        var process = path[3];
        Assert.Equal("postgresql", process.GetTagItem("messaging.system"));
        Assert.Equal("shelf", process.GetTagItem("messaging.consumer.group.name"));
        Assert.Equal(ItemAdded.MessageType, process.GetTagItem("messaging.destination.name"));
        Assert.Equal("order 1", process.GetTagItem("messaging.message.conversation_id"));
    }

    [Fact]
    public async Task What_messaging_asks_of_its_databases_by_itself_is_not_traced_and_what_a_handler_does_is()
    {
        await using var service = await StartAsync(m => m.Publish<ItemAdded>().Handle<ItemAdded, Storing>());
        using var requests = new ActivitySource("requests");
        var spans = new ConcurrentQueue<Activity>();
        using var provider = Sdk.CreateTracerProviderBuilder()
            .AddSource("requests", "Npgsql", MessagingTelemetry.Name).AddProcessor(new Collecting(spans)).Build();
        using (requests.StartActivity("POST /items", ActivityKind.Server))
        {
            await service.PublishAsync(new ItemAdded("lamp"));
        }

        await Eventually.TrueAsync(() => spans.Any(span => span.Kind == ActivityKind.Consumer), "nothing was handled");
        await Task.Delay(TimeSpan.FromSeconds(1));
        Assert.Equal("POST /items", Assert.Single(spans, span => span.Parent is null && span.ParentSpanId == default).DisplayName);
        var process = spans.Single(span => span.Kind == ActivityKind.Consumer);
        Assert.Contains(spans, span => span.Source.Name == "Npgsql" && span.ParentSpanId == process.SpanId);
    }

    [Fact]
    public async Task A_handler_that_fails_marks_its_span_as_an_error()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == MessagingTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var service = await StartAsync(m => m.Publish<ItemAdded>().Handle<ItemAdded, Failing>().Configure(options => options.MaxAttempts = 1));
        await service.PublishAsync(new ItemAdded("x"));
        await Eventually.TrueAsync(() => spans.Any(span => span.Kind == ActivityKind.Consumer), "there was no span");
        Assert.Equal(ActivityStatusCode.Error, spans.First(span => span.Kind == ActivityKind.Consumer).Status);
    }

    [Fact]
    public async Task Metrics_tell_what_waits_and_what_was_sent_and_handled()
    {
        using var meters = new MeterListener();
        var values = new ConcurrentDictionary<string, double>();
        await using var service = await StartAsync(m => m.Publish<ItemAdded>().Handle<ItemAdded, Recorder<ItemAdded>>());
        var factory = service.Services.GetRequiredService<IMeterFactory>();
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == MessagingTelemetry.Name && ReferenceEquals(instrument.Meter.Scope, factory))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        meters.SetMeasurementEventCallback<long>((instrument, value, _, _) => values.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        meters.SetMeasurementEventCallback<double>((instrument, value, _, _) => values.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        meters.Start();
        await service.PublishAsync(new ItemAdded("x"));
        await service.Seen.CountIsAsync(1);
        await Eventually.TrueAsync(() => values.ContainsKey("messaging.process.duration") && values.ContainsKey("messaging.client.sent.messages"), "nothing was measured");
        meters.RecordObservableInstruments();
        Assert.Equal(1, values["messaging.client.sent.messages"]);
        Assert.Equal(1, values["messaging.client.consumed.messages"]);
        Assert.Superset(
            new HashSet<string> { "trellis.messaging.outbox.depth", "trellis.messaging.outbox.age", "trellis.messaging.outbox.scheduled", "trellis.messaging.outbox.parked" }, values.Keys.ToHashSet());
    }

    private async Task<TestService> StartAsync(Action<MessagingBuilder> configure) => await TestService.StartAsync(
        postgres.Server, await postgres.Server.CreateDatabaseAsync(), await postgres.Server.CreateDatabaseAsync(), configure);

    private sealed class Answering(IMessagePublisher publisher) : IMessageHandler<ItemAdded>
    {
        public Task HandleAsync(ItemAdded message, MessageContext context, CancellationToken cancellationToken)
            => publisher.PublishAsync(new ItemSeen(message.Name), cancellationToken: cancellationToken);
    }

    private sealed class Storing(ShelfContext database) : IMessageHandler<ItemAdded>
    {
        public Task HandleAsync(ItemAdded message, MessageContext context, CancellationToken cancellationToken)
        {
            database.Add(new Item { Name = message.Name });
            return Task.CompletedTask;
        }
    }

    private sealed class Collecting(ConcurrentQueue<Activity> spans) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data) => spans.Enqueue(data);
    }

    private sealed class Failing : IMessageHandler<ItemAdded>
    {
        public Task HandleAsync(ItemAdded message, MessageContext context, CancellationToken cancellationToken) => throw new InvalidOperationException("no");
    }
}
