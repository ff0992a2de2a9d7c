using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <content>How the dashboard shows resources.</content>
public static partial class ResourceBuilderExtensions
{
    /// <summary>Chooses the icon that the dashboard shows for the resource.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="iconName">A Fluent UI icon, such as <c>Database</c>.</param>
    /// <param name="iconVariant">The icon's face.</param>
    public static IResourceBuilder<T> WithIconName<T>(this IResourceBuilder<T> builder, string iconName, IconVariant iconVariant = IconVariant.Filled)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(iconName);
        return builder.WithAnnotation(new ResourceIconAnnotation(iconName, iconVariant), ResourceAnnotationMutationBehavior.Replace);
    }

    /// <summary>Leaves the resource out of what the dashboard shows, unless its user asks for hidden resources.</summary>
    public static IResourceBuilder<T> WithHidden<T>(this IResourceBuilder<T> builder)
        where T : IResource => builder.WithAnnotation(new HiddenAnnotation(HiddenBehavior.Always), ResourceAnnotationMutationBehavior.Replace);

    /// <summary>Leaves the resource out of what the dashboard shows once it has ended with an exit code.</summary>
    public static IResourceBuilder<T> WithHiddenOnCompletion<T>(this IResourceBuilder<T> builder, int exitCode)
        where T : IResource => builder.WithHiddenOnCompletion([exitCode]);

    /// <summary>Leaves the resource out of what the dashboard shows once it has ended with one of some exit codes, 0 where none is named.</summary>
    public static IResourceBuilder<T> WithHiddenOnCompletion<T>(this IResourceBuilder<T> builder, params int[] exitCodes)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(exitCodes);
        return builder.WithAnnotation(
            new HiddenAnnotation(HiddenBehavior.OnCompletion) { SuccessfulExitCodes = exitCodes.Length > 0 ? [.. exitCodes] : [0] },
            ResourceAnnotationMutationBehavior.Replace);
    }
}
