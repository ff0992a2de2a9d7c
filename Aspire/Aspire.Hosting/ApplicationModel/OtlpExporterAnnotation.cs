namespace Aspire.Hosting.ApplicationModel;

/// <summary>The resource sends telemetry to the dashboard.</summary>
public class OtlpExporterAnnotation : IResourceAnnotation
{
    /// <summary>The protocol that the resource's exporter speaks; null where it speaks any.</summary>
    public OtlpProtocol? RequiredProtocol { get; init; }
}
