using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Trellis.Hosting.Testing;

namespace Aspire.Hosting;

/// <summary>Lets a test receive the telemetry of the application that it runs.</summary>
public static class TelemetryReceiverBuilderExtensions
{
    /// <summary>
    /// Adds a receiver to which every project, and every other resource with <c>WithOtlpExporter()</c>, sends its traces, metrics and logs while the
    /// application runs, in place of the dashboard. It is in this process and no resource of the model. It ends when the application is disposed.
    /// </summary>
    /// <remarks>
    /// Sets <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, <c>OTEL_EXPORTER_OTLP_PROTOCOL</c> and <c>OTEL_EXPORTER_OTLP_HEADERS</c>, short intervals of export, and
    /// the sampler that keeps all traces (OpenTelemetry's specification of environment variables). The application's services hold it too.
    /// </remarks>
    /// <param name="builder">The builder of the application under test.</param>
    /// <param name="configure">Changes the options.</param>
    /// <returns>The receiver; a second call returns the same.</returns>
    public static TelemetryReceiver AddTelemetryReceiver(this IDistributedApplicationBuilder builder, Action<TelemetryReceiverOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Services.FirstOrDefault(service => service.ServiceType == typeof(TelemetryReceiver))?.ImplementationInstance is TelemetryReceiver known)
        {
            configure?.Invoke(known.Options);
            return known;
        }

        var options = new TelemetryReceiverOptions();
        configure?.Invoke(options);
        var receiver = new TelemetryReceiver(options);
        builder.Services.AddSingleton(receiver);
        if (builder.ExecutionContext.IsRunMode)
        {
            // Made by the application's services, and so disposed with them, in whatever way the application ends.
            builder.Services.AddSingleton(_ => new TelemetryReceiverLifetime(receiver));
            builder.Eventing.Subscribe<BeforeStartEvent>(async (starting, cancellationToken) =>
            {
                await starting.Services.GetRequiredService<TelemetryReceiverLifetime>().StartAsync(cancellationToken).ConfigureAwait(false);
                foreach (var resource in starting.Model.Resources.Where(resource => resource.Annotations.OfType<OtlpExporterAnnotation>().Any()))
                {
                    // Added last, so that it wins over what the dashboard's exporter has set.
                    resource.Annotations.Add(new EnvironmentCallbackAnnotation(context => SendTo(receiver, resource, context.EnvironmentVariables)));
                }
            });
        }

        return receiver;
    }

    private static void SendTo(TelemetryReceiver receiver, IResource resource, Dictionary<string, object> variables)
    {
        var http = resource.Annotations.OfType<OtlpExporterAnnotation>().Last().RequiredProtocol == OtlpProtocol.HttpProtobuf;
        var interval = receiver.Options.ExportInterval.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
        variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = (http ? receiver.HttpEndpoint : receiver.GrpcEndpoint).AbsoluteUri;
        variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = http ? "http/protobuf" : "grpc";
        variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"{OtlpServer.ApiKeyHeader}={receiver.ApiKey}";
        variables["OTEL_BSP_SCHEDULE_DELAY"] = interval;
        variables["OTEL_BLRP_SCHEDULE_DELAY"] = interval;
        variables["OTEL_METRIC_EXPORT_INTERVAL"] = interval;
        variables["OTEL_TRACES_SAMPLER"] = "always_on";
        variables.TryAdd("OTEL_SERVICE_NAME", resource.Name);
        receiver.Expect(resource.Name);
    }
}
