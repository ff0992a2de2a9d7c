using System.Collections;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Google.Protobuf.WellKnownTypes;
using HealthStatus = Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus;

namespace Aspire.Hosting.Dashboard;

/// <summary>
/// Turns the model's snapshot of a resource into the message that the dashboard reads.
/// </summary>
internal static class ResourceMessage
{
    /// <summary>Makes the message.</summary>
    /// <param name="change">The instance and its snapshot.</param>
    /// <param name="firstSeen">UTC time that stands in where the snapshot has no creation time: the dashboard sorts by it.</param>
    public static Wire.Resource From(ResourceEvent change, DateTime firstSeen)
    {
        var snapshot = change.Snapshot;
        var message = new Wire.Resource
        {
            Name = change.ResourceId,
            Uid = change.ResourceId,
            DisplayName = change.Resource.Name,
            ResourceType = snapshot.ResourceType,
            State = snapshot.State?.Text ?? "",
            StateStyle = snapshot.State?.Style ?? "",
            CreatedAt = ToTimestamp(snapshot.CreationTimeStamp ?? firstSeen),
            StartedAt = ToTimestamp(snapshot.StartTimeStamp),
            StoppedAt = ToTimestamp(snapshot.StopTimeStamp),
            IsHidden = snapshot.IsHidden,
        };
        if (snapshot.IconName is { Length: > 0 } icon)
        {
            message.IconName = icon;
            message.IconVariant = ToIconVariant(snapshot.IconVariant);
        }

        message.Environment.AddRange(snapshot.EnvironmentVariables.OrEmpty().Select(variable =>
            new Wire.EnvironmentVariable { Name = variable.Name, Value = variable.Value ?? "", IsFromSpec = variable.IsFromSpec }));
        message.Urls.AddRange(snapshot.Urls.OrEmpty().Select(ToUrl));
        message.Volumes.AddRange(snapshot.Volumes.OrEmpty().Select(volume => new Wire.Volume
        {
            Source = volume.Source ?? "",
            Target = volume.Target,
            MountType = volume.MountType,
            IsReadOnly = volume.IsReadOnly,
        }));
        message.HealthReports.AddRange(snapshot.HealthReports.OrEmpty().Select(ToHealthReport));
        message.Relationships.AddRange(snapshot.Relationships.OrEmpty().Select(relationship =>
            new Wire.ResourceRelationship { ResourceName = relationship.ResourceName, Type = relationship.Type }));
        message.Commands.AddRange(snapshot.Commands.OrEmpty().Where(command => command.Visibility.HasFlag(ResourceCommandVisibility.UI)).Select(ToCommand));
        message.Properties.AddRange(GeneralProperties(message, snapshot));
        message.Properties.AddRange(snapshot.Properties.OrEmpty().Select(property =>
            Property(property.Name, ToValue(property.Value), property.IsSensitive)));
        if (Parent(change.Resource) is { } parent)
        {
            message.Properties.Add(Property("resource.parentName", Value.ForString(parent.GetInstanceIds()[0])));
        }

        return message;
    }

    // The dashboard nests by this property, which holds an id, not a name; the relationship alone makes only a link.
    private static IResource? Parent(IResource resource) =>
        (resource as IResourceWithParent)?.Parent
        ?? resource.Annotations.OfType<ResourceRelationshipAnnotation>()
            .LastOrDefault(relationship => relationship.Type == KnownRelationshipTypes.Parent)?
            .Resource;

    // The dashboard's details pane shows these under its own names; it does not read them from the fields.
    private static IEnumerable<Wire.ResourceProperty> GeneralProperties(Wire.Resource message, CustomResourceSnapshot snapshot)
    {
        yield return Property("resource.uid", Value.ForString(message.Uid));
        yield return Property("resource.name", Value.ForString(message.Name));
        yield return Property("resource.type", Value.ForString(message.ResourceType));
        yield return Property("resource.displayName", Value.ForString(message.DisplayName));
        yield return Property("resource.state", ToValue(snapshot.State?.Text));
        yield return Property("resource.exitCode", ToValue(snapshot.ExitCode?.ToString(CultureInfo.InvariantCulture)));
        yield return Property("resource.createTime", ToValue(message.CreatedAt?.ToDateTime()));
        yield return Property("resource.startTime", ToValue(message.StartedAt?.ToDateTime()));
        yield return Property("resource.stopTime", ToValue(message.StoppedAt?.ToDateTime()));
        yield return Property("resource.healthState", ToValue(snapshot.HealthStatus?.ToString()));
    }

    private static Wire.ResourceProperty Property(string name, Value value, bool isSensitive = false) =>
        new() { Name = name, Value = value, IsSensitive = isSensitive };

    private static Wire.Url ToUrl(UrlSnapshot url) => new()
    {
        EndpointName = url.Name ?? "",
        FullUrl = url.Url,
        IsInternal = url.IsInternal,
        IsInactive = url.IsInactive,
        DisplayProperties = new Wire.UrlDisplayProperties
        {
            DisplayName = url.DisplayProperties.DisplayName,
            SortOrder = url.DisplayProperties.SortOrder,
        },
    };

    private static Wire.HealthReport ToHealthReport(HealthReportSnapshot report)
    {
        var message = new Wire.HealthReport
        {
            Key = report.Name,
            Description = report.Description ?? "",
            Exception = report.ExceptionText ?? "",
            LastRunAt = ToTimestamp(report.LastRunAt),
        };

        // No status on the wire means "not run yet", which the dashboard shows as unknown: Healthy is the zero value, so it has to be absent.
        if (report.Status is { } status)
        {
            message.Status = status switch
            {
                HealthStatus.Healthy => Wire.HealthStatus.Healthy,
                HealthStatus.Degraded => Wire.HealthStatus.Degraded,
                _ => Wire.HealthStatus.Unhealthy,
            };
        }

        return message;
    }

    private static Wire.ResourceCommand ToCommand(ResourceCommandSnapshot command) => new()
    {
        Name = command.Name,
        DisplayName = command.DisplayName,
        DisplayDescription = command.DisplayDescription ?? "",
        ConfirmationMessage = command.ConfirmationMessage ?? "",
        IconName = command.IconName ?? "",
        IconVariant = ToIconVariant(command.IconVariant),
        IsHighlighted = command.IsHighlighted,
        State = command.State switch
        {
            ResourceCommandState.Enabled => Wire.ResourceCommandState.Enabled,
            ResourceCommandState.Disabled => Wire.ResourceCommandState.Disabled,
            _ => Wire.ResourceCommandState.Hidden,
        },
        ArgumentInputs = { command.Arguments.Select(input => InteractionMessage.ToInput(input, command.Arguments)) },
    };

    private static Wire.IconVariant ToIconVariant(IconVariant? variant) =>
        variant is IconVariant.Filled ? Wire.IconVariant.Filled : Wire.IconVariant.Regular;

    private static Timestamp? ToTimestamp(DateTime? time) => time switch
    {
        null => null,
        { Kind: DateTimeKind.Unspecified } unspecified => Timestamp.FromDateTime(DateTime.SpecifyKind(unspecified, DateTimeKind.Utc)),
        { } known => Timestamp.FromDateTime(known.ToUniversalTime()),
    };

    private static Value ToValue(object? value) => value switch
    {
        null => Value.ForNull(),
        string text => Value.ForString(text),
        bool flag => Value.ForBool(flag),
        byte or short or int or long or float or double or decimal => Value.ForNumber(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        DateTime time => Value.ForString(time.ToString("O", CultureInfo.InvariantCulture)),
        IEnumerable<KeyValuePair<string, string>> pairs => ToValue(pairs),
        IEnumerable items => Value.ForList([.. items.Cast<object?>().Select(ToValue)]),
        IFormattable formattable => Value.ForString(formattable.ToString(format: null, CultureInfo.InvariantCulture)),
        _ => Value.ForString(value.ToString() ?? ""),
    };

    private static Value ToValue(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var fields = new Struct();
        foreach (var (key, value) in pairs)
        {
            fields.Fields[key] = ToValue(value);
        }

        return Value.ForStruct(fields);
    }

    private static IEnumerable<T> OrEmpty<T>(this System.Collections.Immutable.ImmutableArray<T> items) => items.IsDefault ? [] : items;
}
