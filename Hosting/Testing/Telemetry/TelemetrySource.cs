namespace Trellis.Hosting.Testing;

/// <summary>Who sent a piece of telemetry.</summary>
public sealed class TelemetrySource
{
    internal TelemetrySource(TelemetryAttributes attributes)
    {
        Attributes = attributes;
        Name = attributes.Text("service.name") ?? "unknown_service";
        Instance = attributes.Text("service.instance.id");
    }

    /// <summary>The resource attribute <c>service.name</c>, which Aspire sets to the name of the resource in the model.</summary>
    public string Name { get; }

    /// <summary>The resource attribute <c>service.instance.id</c>, which differs from replica to replica; null where none was sent.</summary>
    public string? Instance { get; }

    /// <summary>All attributes of the resource (OpenTelemetry's word for the sender).</summary>
    public TelemetryAttributes Attributes { get; }

    /// <inheritdoc />
    public override string ToString() => Name;
}
