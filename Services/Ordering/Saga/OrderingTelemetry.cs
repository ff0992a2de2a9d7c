using System.Diagnostics;
using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Shop.Ordering.Reading;

namespace Shop.Ordering.Saga;

/// <summary>What operators see of orders: how many become what, how long it takes; and that all of an order is one trace.</summary>
internal sealed class OrderingTelemetry
{
    public const string Name = "Shop.Ordering";

    private static readonly ActivitySource Source = new(Name);

    private readonly Counter<long> _changes;
    private readonly Histogram<double> _duration;

    public OrderingTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _changes = meter.CreateCounter<long>("shop.ordering.orders", "{order}", "Orders that came to a status.");
        _duration = meter.CreateHistogram<double>("shop.ordering.order.duration", "s", "From the order to its end.");
    }

    public static IHostApplicationBuilder AddTo(IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<OrderingTelemetry>();
        builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddSource(Name));
        builder.Services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddMeter(Name));
        return builder;
    }

    /// <summary>
    /// Goes on in the trace in which the order was placed, with a link to the one that goes on in it: a cancellation is a request of its own, and the end of a
    /// reservation nobody's. Null if the trace is the order's already, or not recorded.
    /// </summary>
    public static Activity? Rejoin(string? orderTrace, object message) =>
        ActivityContext.TryParse(orderTrace, traceState: null, isRemote: true, out var placed) && Activity.Current is { } current && current.TraceId != placed.TraceId
            ? Source.StartActivity($"order {message.GetType().Name}", ActivityKind.Internal, placed, links: [new ActivityLink(current.Context)])
            : null;

    /// <summary>Counts an order's newest status.</summary>
    public void Count(OrderRow row)
    {
        var status = new KeyValuePair<string, object?>("status", row.Status.ToString());
        _changes.Add(1, status);
        if (row.Status is Orders.OrderStatus.Completed or Orders.OrderStatus.Cancelled or Orders.OrderStatus.Rejected)
        {
            _duration.Record((row.Read().Timeline[^1].At - row.PlacedAt).TotalSeconds, status);
        }
    }
}
