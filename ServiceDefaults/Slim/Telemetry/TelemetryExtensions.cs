using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Microsoft.Extensions.Hosting;

/// <summary>Names further sources of telemetry.</summary>
public static class TelemetryExtensions
{
    /// <summary>Collects the traces of the activity source and the metrics of the meter with this name; either may be missing.</summary>
    /// <typeparam name="TBuilder">The kind of host.</typeparam>
    /// <param name="builder">The host under construction.</param>
    /// <param name="name">The name given to <see cref="System.Diagnostics.ActivitySource"/> and <see cref="System.Diagnostics.Metrics.Meter"/>.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static TBuilder AddTelemetrySource<TBuilder>(this TBuilder builder, string name)
        where TBuilder : IHostApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddSource(name));
        builder.Services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddMeter(name));
        return builder;
    }
}
