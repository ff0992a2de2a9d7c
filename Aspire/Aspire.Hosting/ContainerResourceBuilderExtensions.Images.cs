using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <content>Images.</content>
public static partial class ContainerResourceBuilderExtensions
{
    /// <summary>Sets the image.</summary>
    /// <param name="builder">The container.</param>
    /// <param name="image">The image: <c>[registry/]repository[:tag][@sha256:digest]</c>.</param>
    /// <param name="tag">The tag, where the image names none; latest where neither does.</param>
    /// <exception cref="InvalidOperationException">There are two tags.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It is no image's name, or there are a tag and a digest.</exception>
    public static IResourceBuilder<T> WithImage<T>(this IResourceBuilder<T> builder, string image, string? tag = null)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(image);
        var reference = ImageReference.Parse(image);
        if (tag is not null && reference.Tag is not null)
        {
            throw new InvalidOperationException($"The image '{image}' of resource '{builder.Resource.Name}' has a tag already; '{tag}' would be a second one.");
        }

        if (tag is not null && reference.Sha256 is not null)
        {
            throw new ArgumentOutOfRangeException(nameof(tag), tag, $"The image '{image}' of resource '{builder.Resource.Name}' is fixed by its digest.");
        }

        if (!builder.Resource.TryGetLastAnnotation<ContainerImageAnnotation>(out var annotation))
        {
            annotation = new ContainerImageAnnotation { Image = reference.Name };
            builder.WithAnnotation(annotation);
        }

        annotation.Image = reference.Name;
        if (reference.Sha256 is not null)
        {
            annotation.SHA256 = reference.Sha256;
        }
        else
        {
            annotation.Tag = reference.Tag ?? tag ?? "latest";
        }

        // The image that is built gets the name that the AppHost says, no longer a made one.
        if (builder.Resource.TryGetLastAnnotation<DockerfileBuildAnnotation>(out var build))
        {
            build.ImageName = null;
            build.ImageTag = null;
        }

        return builder;
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
        ArgumentNullException.ThrowIfNull(tag);
        ImageOf(builder).Tag = tag;
        if (builder.Resource.TryGetLastAnnotation<DockerfileBuildAnnotation>(out var build) && build.ImageTag is { Length: > 0 })
        {
            build.ImageTag = tag;
        }

        return builder;
    }

    /// <summary>Fixes the image by its digest, which wins over the tag.</summary>
    /// <param name="builder">The container.</param>
    /// <param name="sha256">The digest, without its <c>sha256:</c>.</param>
    public static IResourceBuilder<T> WithImageSHA256<T>(this IResourceBuilder<T> builder, string sha256)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(sha256);
        ImageOf(builder).SHA256 = sha256;
        return builder;
    }

    /// <summary>Sets when the image is fetched from its registry.</summary>
    public static IResourceBuilder<T> WithImagePullPolicy<T>(this IResourceBuilder<T> builder, ImagePullPolicy pullPolicy)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(new ContainerImagePullPolicyAnnotation { ImagePullPolicy = pullPolicy }, ResourceAnnotationMutationBehavior.Replace);
    }

    private static ContainerImageAnnotation ImageOf<T>(IResourceBuilder<T> builder)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Resource.TryGetLastAnnotation<ContainerImageAnnotation>(out var image)
            ? image
            : throw new InvalidOperationException($"The resource '{builder.Resource.Name}' does not have a container image specified. Use WithImage to specify the container image and tag.");
    }
}
