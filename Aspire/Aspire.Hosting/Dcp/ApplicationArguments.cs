using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Dcp;

/// <summary>
/// The arguments that the model gives a process, without those that the engine puts before them, and which of them hold a secret. What knows that
/// travels with the engine's object: a character for each, 1 for a secret.
/// </summary>
internal static class ApplicationArguments
{
    public const string AnnotationName = "app-args-secrets";

    /// <summary>The names of the properties that the dashboard makes its column Source of.</summary>
    public static IReadOnlyList<string> PropertyNames { get; } = ["resource.appArgs", "resource.appArgsSensitivity"];

    /// <summary>The annotation's character for an argument.</summary>
    /// <param name="value">The argument before it was resolved.</param>
    public static char Mark(object value) =>
        References.Of(value).Append(value).OfType<ParameterResource>().Any(parameter => parameter.Secret) ? '1' : '0';

    /// <summary>What the dashboard shows; nothing where the object does not say.</summary>
    /// <param name="metadata">The engine's object.</param>
    /// <param name="arguments">All arguments of the process, resolved.</param>
    public static IEnumerable<ResourcePropertySnapshot> PropertiesOf(DcpMetadata metadata, IReadOnlyList<string> arguments)
    {
        if (metadata.Annotations?.GetValueOrDefault(AnnotationName) is { } marks && marks.Length <= arguments.Count)
        {
            var holdsSecret = marks.Contains('1', StringComparison.Ordinal);
            yield return new ResourcePropertySnapshot(PropertyNames[0], arguments.Skip(arguments.Count - marks.Length).ToArray()) { IsSensitive = holdsSecret };
            yield return new ResourcePropertySnapshot(PropertyNames[1], marks.Select(mark => mark == '1' ? 1 : 0).ToArray()) { IsSensitive = holdsSecret };
        }
    }
}
