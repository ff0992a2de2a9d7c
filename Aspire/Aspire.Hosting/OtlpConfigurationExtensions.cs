using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Dcp;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting;

/// <summary>Lets resources send their telemetry to the dashboard.</summary>
public static class OtlpConfigurationExtensions
{
    /// <summary>Sets the variables that OpenTelemetry's specification names for exporters, over gRPC.</summary>
    public static IResourceBuilder<T> WithOtlpExporter<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEnvironment => builder.WithOtlpExporter(requiredProtocol: null);

    /// <summary>Sets the variables that OpenTelemetry's specification names for exporters.</summary>
    public static IResourceBuilder<T> WithOtlpExporter<T>(this IResourceBuilder<T> builder, OtlpProtocol protocol)
        where T : IResourceWithEnvironment => builder.WithOtlpExporter((OtlpProtocol?)protocol);

    private static IResourceBuilder<T> WithOtlpExporter<T>(this IResourceBuilder<T> builder, OtlpProtocol? requiredProtocol)
        where T : IResourceWithEnvironment
    {
        builder.WithAnnotation(new OtlpExporterAnnotation { RequiredProtocol = requiredProtocol }, ResourceAnnotationMutationBehavior.Replace);
        return builder.WithEnvironment(context =>
        {
            if (context.ExecutionContext.IsPublishMode)
            {
                return;
            }

            // Who the resource is holds wherever it sends its telemetry.
            var variables = context.EnvironmentVariables;
            variables["OTEL_RESOURCE_ATTRIBUTES"] = new DcpTemplate("service.instance.id={{index .Annotations \"otel-service-instance-id\"}}");
            variables["OTEL_SERVICE_NAME"] = context.Resource.Name;

            // Where the application runs without a dashboard, there is nobody to send telemetry to.
            if (context.ExecutionContext.BuiltServices?.GetService<DashboardOptions>() is not { } dashboard)
            {
                return;
            }

            var overHttp = requiredProtocol == OtlpProtocol.HttpProtobuf;
            variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = overHttp ? dashboard.OtlpHttpUrl : dashboard.OtlpGrpcUrl;
            variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = overHttp ? "http/protobuf" : "grpc";
            if (dashboard.OtlpApiKey is { Length: > 0 } key)
            {
                variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={key}";
            }

            // Development wants to see telemetry at once and all of it.
            variables["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
            variables["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
            variables["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
            variables["OTEL_TRACES_SAMPLER"] = "always_on";
            variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
        });
    }
}
