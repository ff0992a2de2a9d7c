using System.Diagnostics.CodeAnalysis;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Questions about resources.</summary>
public static partial class ResourceExtensions
{
    /// <summary>The last annotation of a type.</summary>
    public static bool TryGetLastAnnotation<T>(this IResource resource, [NotNullWhen(true)] out T? annotation)
        where T : IResourceAnnotation
    {
        annotation = resource.Annotations.OfType<T>().LastOrDefault();
        return annotation is not null;
    }

    /// <summary>All annotations of a type.</summary>
    public static bool TryGetAnnotationsOfType<T>(this IResource resource, [NotNullWhen(true)] out IEnumerable<T>? result)
        where T : IResourceAnnotation
    {
        var found = resource.Annotations.OfType<T>().ToArray();
        result = found.Length > 0 ? found : null;
        return result is not null;
    }

    /// <summary>Whether there is an annotation of a type.</summary>
    public static bool HasAnnotationOfType<T>(this IResource resource)
        where T : IResourceAnnotation => resource.Annotations.OfType<T>().Any();

    /// <summary>The endpoints as they were described.</summary>
    public static bool TryGetEndpoints(this IResource resource, [NotNullWhen(true)] out IEnumerable<EndpointAnnotation>? endpoints)
        => resource.TryGetAnnotationsOfType(out endpoints);

    /// <summary>References to all endpoints.</summary>
    public static IEnumerable<EndpointReference> GetEndpoints(this IResourceWithEndpoints resource)
        => resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint => new EndpointReference(resource, endpoint));

    /// <summary>A reference to an endpoint by name.</summary>
    public static EndpointReference GetEndpoint(this IResourceWithEndpoints resource, string endpointName)
        => resource.GetEndpoints().FirstOrDefault(e => string.Equals(e.EndpointName, endpointName, StringComparison.OrdinalIgnoreCase))
            ?? new EndpointReference(resource, endpointName);

    /// <summary>The mounts of a container.</summary>
    public static bool TryGetContainerMounts(this IResource resource, [NotNullWhen(true)] out IEnumerable<ContainerMountAnnotation>? volumeMounts)
        => resource.TryGetAnnotationsOfType(out volumeMounts);

    /// <summary>The image, as a container runtime takes it.</summary>
    public static bool TryGetContainerImageName(this IResource resource, [NotNullWhen(true)] out string? imageName)
    {
        // What is built is named by its build where the resource had an image before.
        if (resource.TryGetLastAnnotation<DockerfileBuildAnnotation>(out var build) && build is { ImageName.Length: > 0, ImageTag.Length: > 0 })
        {
            imageName = $"{build.ImageName}:{build.ImageTag}";
            return true;
        }

        imageName = null;
        if (resource.TryGetLastAnnotation<ContainerImageAnnotation>(out var image))
        {
            var registry = string.IsNullOrEmpty(image.Registry) ? string.Empty : image.Registry + "/";
            var version = image.SHA256 is { Length: > 0 } digest ? $"@sha256:{digest}" : image.Tag is { Length: > 0 } tag ? $":{tag}" : string.Empty;
            imageName = $"{registry}{image.Image}{version}";
        }

        return imageName is not null;
    }

    /// <summary>How many instances run; one where nothing is said.</summary>
    public static int GetReplicaCount(this IResource resource)
        => resource.TryGetLastAnnotation<ReplicaAnnotation>(out var replicas) ? replicas.Replicas : 1;

    /// <summary>Whether the resource stays out of what is published.</summary>
    public static bool IsExcludedFromPublish(this IResource resource)
        => resource.TryGetLastAnnotation<ManifestPublishingCallbackAnnotation>(out var annotation)
            && annotation == ManifestPublishingCallbackAnnotation.Ignore;

    /// <summary>Whether a resource outlives the AppHost.</summary>
    internal static bool IsPersistent(this IResource resource)
        => resource.TryGetLastAnnotation<ContainerLifetimeAnnotation>(out var annotation) && annotation.Lifetime == ContainerLifetime.Persistent;

    /// <summary>The environment variables with their values resolved.</summary>
    /// <remarks>In publish mode the values are the manifest's expressions.</remarks>
    internal static async ValueTask<Dictionary<string, string>> GetEnvironmentVariableValuesAsync(
        this IResourceWithEnvironment resource,
        DistributedApplicationOperation applicationOperation = DistributedApplicationOperation.Run)
    {
        var executionContext = new DistributedApplicationExecutionContext(applicationOperation);
        var values = new Dictionary<string, string>();
        foreach (var (name, value) in await resource.EvaluateEnvironmentAsync(executionContext).ConfigureAwait(false))
        {
            if (await ResolveAsync(value, executionContext).ConfigureAwait(false) is { } text)
            {
                values[name] = text;
            }
        }

        return values;
    }

    /// <summary>The command-line arguments with their values resolved.</summary>
    /// <remarks>In publish mode the values are the manifest's expressions.</remarks>
    internal static async ValueTask<string[]> GetArgumentValuesAsync(
        this IResourceWithArgs resource,
        DistributedApplicationOperation applicationOperation = DistributedApplicationOperation.Run)
    {
        var executionContext = new DistributedApplicationExecutionContext(applicationOperation);
        var values = new List<string>();
        foreach (var value in await resource.EvaluateArgumentsAsync(executionContext).ConfigureAwait(false))
        {
            if (await ResolveAsync(value, executionContext).ConfigureAwait(false) is { } text)
            {
                values.Add(text);
            }
        }

        return [.. values];
    }

    /// <summary>Runs the callbacks that set environment variables; the values stay unresolved.</summary>
    internal static async Task<Dictionary<string, object>> EvaluateEnvironmentAsync(
        this IResource resource,
        DistributedApplicationExecutionContext executionContext,
        Microsoft.Extensions.Logging.ILogger? logger = null,
        CancellationToken cancellationToken = default)
    {
        var context = new EnvironmentCallbackContext(executionContext, resource, cancellationToken: cancellationToken);
        if (logger is not null)
        {
            context.Logger = logger;
        }

        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>().ToArray())
        {
            await annotation.Callback(context).ConfigureAwait(false);
        }

        return context.EnvironmentVariables.ToDictionary(variable => variable.Key, variable => Unwrap(variable.Value), context.EnvironmentVariables.Comparer);
    }

    /// <summary>Runs the callbacks that add arguments; the values stay unresolved.</summary>
    internal static async Task<IList<object>> EvaluateArgumentsAsync(
        this IResource resource,
        DistributedApplicationExecutionContext executionContext,
        Microsoft.Extensions.Logging.ILogger? logger = null,
        CancellationToken cancellationToken = default)
    {
        var context = new CommandLineArgsCallbackContext([], resource, cancellationToken)
        {
            ExecutionContext = executionContext,
            Logger = logger ?? Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance,
        };
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>().ToArray())
        {
            await annotation.Callback(context).ConfigureAwait(false);
        }

        return [.. context.Args.Select(Unwrap)];
    }

    /// <summary>A builder stands for its resource, so that a parameter can be handed over as AddParameter returns it.</summary>
    private static object Unwrap(object value) => value is IResourceBuilder<IResource> builder ? builder.Resource : value;

    /// <summary>The ids under which the engine, the dashboard and the logs know the resource.</summary>
    internal static IReadOnlyList<string> GetInstanceIds(this IResource resource)
        => resource.TryGetLastAnnotation<ResourceInstancesAnnotation>(out var instances) ? instances.Ids : [resource.Name];

    private static async ValueTask<string?> ResolveAsync(object? value, DistributedApplicationExecutionContext executionContext) => value switch
    {
        IManifestExpressionProvider expression when executionContext.IsPublishMode => expression.ValueExpression,
        IValueProvider provider => await provider.GetValueAsync(default).ConfigureAwait(false),
        null => null,
        _ => value.ToString(),
    };
}
