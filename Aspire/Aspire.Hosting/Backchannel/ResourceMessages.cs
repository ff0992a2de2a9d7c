using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Backchannel;

/// <summary>Turns the model's snapshot of a resource into what the CLI prints. Values of secret parameters stay here.</summary>
internal static class ResourceMessages
{
    /// <summary>Makes the message.</summary>
    /// <param name="change">The instance and its snapshot.</param>
    /// <param name="secrets">The values of secret parameters.</param>
    /// <param name="plainProperties">Whether the client knows strings as the values of properties only.</param>
    public static ResourceMessage From(ResourceEvent change, IReadOnlyCollection<string> secrets, bool plainProperties)
    {
        var snapshot = change.Snapshot;
        return new ResourceMessage
        {
            Name = change.ResourceId,
            DisplayName = change.Resource.Name,
            ResourceType = snapshot.ResourceType,
            State = snapshot.State?.Text,
            StateStyle = snapshot.State?.Style,
            HealthStatus = snapshot.HealthStatus?.ToString(),
            ExitCode = snapshot.ExitCode,
            CreatedAt = Utc(snapshot.CreationTimeStamp),
            StartedAt = Utc(snapshot.StartTimeStamp),
            StoppedAt = Utc(snapshot.StopTimeStamp),
            IsHidden = snapshot.IsHidden,
            Urls = [.. OrEmpty(snapshot.Urls).Where(url => !url.IsInactive).Select(url => new UrlMessage(
                url.Name ?? "default",
                url.Url,
                url.IsInternal,
                new UrlDisplayMessage(url.DisplayProperties.DisplayName is { Length: > 0 } name ? name : null, url.DisplayProperties.SortOrder)))],
            Relationships = [.. OrEmpty(snapshot.Relationships).Select(r => new RelationshipMessage(r.ResourceName, r.Type))],
            HealthReports = [.. OrEmpty(snapshot.HealthReports).Select(report => new HealthReportMessage(
                report.Name, report.Status?.ToString(), report.Description, report.ExceptionText))],
            Volumes = [.. OrEmpty(snapshot.Volumes).Select(v => new VolumeMessage(v.Source, v.Target, v.MountType, v.IsReadOnly))],
            EnvironmentVariables = [.. OrEmpty(snapshot.EnvironmentVariables).Where(variable => variable.IsFromSpec).Select(variable => new EnvironmentMessage(
                variable.Name, Holds(variable.Value, secrets) ? null : variable.Value, variable.IsFromSpec))],
            Properties = Properties(snapshot, secrets, plainProperties),
            Commands = [.. OrEmpty(snapshot.Commands).Where(command => command.Visibility.HasFlag(ResourceCommandVisibility.Api)).Select(command => new CommandMessage(
                command.Name, command.DisplayName, command.DisplayDescription, command.State.ToString())
            {
                ArgumentInputs = [.. command.Arguments.Select(ArgumentMessage.From)],
            })],
        };
    }

    private static Dictionary<string, JsonNode?> Properties(CustomResourceSnapshot snapshot, IReadOnlyCollection<string> secrets, bool plain)
    {
        var properties = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var property in OrEmpty(snapshot.Properties))
        {
            var value = property.IsSensitive ? null : Json(property.Value);
            var text = value is JsonValue ? value.ToString() : value?.ToJsonString();
            properties[property.Name] = Holds(text, secrets) ? null : plain ? text : value;
        }

        return properties;
    }

    private static bool Holds(string? value, IReadOnlyCollection<string> secrets) =>
        value is not null && secrets.Any(secret => value.Contains(secret, StringComparison.Ordinal));

    private static JsonNode? Json(object? value) => value switch
    {
        null => null,
        string text => JsonValue.Create(text),
        bool flag => JsonValue.Create(flag),
        byte or short or int or long => JsonValue.Create(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        IEnumerable items => new JsonArray([.. items.Cast<object?>().Select(Json)]),
        IFormattable formattable => JsonValue.Create(formattable.ToString(format: null, CultureInfo.InvariantCulture)),
        _ => JsonValue.Create(value.ToString()),
    };

    private static DateTime? Utc(DateTime? time) => time switch
    {
        { Kind: DateTimeKind.Unspecified } unspecified => DateTime.SpecifyKind(unspecified, DateTimeKind.Utc),
        _ => time?.ToUniversalTime(),
    };

    private static ImmutableArray<T> OrEmpty<T>(ImmutableArray<T> items) => items.IsDefault ? [] : items;
}
