using System.Diagnostics.CodeAnalysis;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Finds resources that have been added.</summary>
public static class DistributedApplicationBuilderExtensions
{
    /// <summary>A builder for a resource that has been added.</summary>
    /// <exception cref="InvalidOperationException">There is none of that name and type.</exception>
    public static IResourceBuilder<T> CreateResourceBuilder<T>(this IDistributedApplicationBuilder builder, string name)
        where T : IResource
        => builder.TryCreateResourceBuilder<T>(name, out var found)
            ? found
            : throw new InvalidOperationException($"Resource '{name}' of type '{typeof(T).Name}' was not found.");

    /// <summary>A builder for a resource that has been added.</summary>
    public static bool TryCreateResourceBuilder<T>(this IDistributedApplicationBuilder builder, string name, [NotNullWhen(true)] out IResourceBuilder<T>? resourceBuilder)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(name);
        resourceBuilder = builder.Resources.TryGetByName(name, out var resource) && resource is T typed ? builder.CreateResourceBuilder(typed) : null;
        return resourceBuilder is not null;
    }
}
