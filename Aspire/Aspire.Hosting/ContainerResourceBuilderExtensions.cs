using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Describes containers.</summary>
public static class ContainerResourceBuilderExtensions
{
    /// <summary>Sets the image.</summary>
    public static IResourceBuilder<T> WithImage<T>(this IResourceBuilder<T> builder, string image, string? tag = null)
        where T : ContainerResource
    {
        ArgumentException.ThrowIfNullOrEmpty(image);
        if (builder.Resource.TryGetLastAnnotation<ContainerImageAnnotation>(out var existing))
        {
            existing.Image = image;
            existing.Tag = tag ?? existing.Tag ?? "latest";
            existing.SHA256 = null;
            return builder;
        }

        return builder.WithAnnotation(new ContainerImageAnnotation { Image = image, Tag = tag ?? "latest" });
    }

    /// <summary>Sets the image's registry.</summary>
    public static IResourceBuilder<T> WithImageRegistry<T>(this IResourceBuilder<T> builder, string? registry)
        where T : ContainerResource
    {
        ImageOf(builder).Registry = registry;
        return builder;
    }

    /// <summary>Sets the image's tag.</summary>
    public static IResourceBuilder<T> WithImageTag<T>(this IResourceBuilder<T> builder, string tag)
        where T : ContainerResource
    {
        var image = ImageOf(builder);
        image.Tag = tag;
        image.SHA256 = null;
        return builder;
    }

    /// <summary>Sets the command to run instead of the image's own.</summary>
    public static IResourceBuilder<T> WithEntrypoint<T>(this IResourceBuilder<T> builder, string entrypoint)
        where T : ContainerResource
    {
        builder.Resource.Entrypoint = entrypoint;
        return builder;
    }

    /// <summary>Mounts a volume.</summary>
    /// <param name="builder">The container.</param>
    /// <param name="name">The volume's name; null for an anonymous one.</param>
    /// <param name="target">The folder inside the container.</param>
    /// <param name="isReadOnly">Whether the container may only read it.</param>
    public static IResourceBuilder<T> WithVolume<T>(this IResourceBuilder<T> builder, string? name, string target, bool isReadOnly = false)
        where T : ContainerResource => builder.WithAnnotation(new ContainerMountAnnotation(name, target, ContainerMountType.Volume, isReadOnly));

    /// <summary>Mounts a folder of the host, relative to the AppHost's.</summary>
    /// <param name="builder">The container.</param>
    /// <param name="source">The host's folder.</param>
    /// <param name="target">The folder inside the container.</param>
    /// <param name="isReadOnly">Whether the container may only read it.</param>
    public static IResourceBuilder<T> WithBindMount<T>(this IResourceBuilder<T> builder, string source, string target, bool isReadOnly = false)
        where T : ContainerResource
        => builder.WithAnnotation(new ContainerMountAnnotation(
            Path.GetFullPath(source, builder.ApplicationBuilder.AppHostDirectory), target, ContainerMountType.BindMount, isReadOnly));

    private static ContainerImageAnnotation ImageOf<T>(IResourceBuilder<T> builder)
        where T : ContainerResource
        => builder.Resource.TryGetLastAnnotation<ContainerImageAnnotation>(out var image)
            ? image
            : throw new InvalidOperationException($"The resource '{builder.Resource.Name}' does not have a container image specified. Use WithImage to specify the container image and tag.");
}
