namespace Aspire.Hosting.ApplicationModel;

/// <summary>Where the extension methods that describe a resource start from.</summary>
/// <typeparam name="T">The type of the resource.</typeparam>
public interface IResourceBuilder<out T>
    where T : IResource
{
    /// <summary>The builder of the application that the resource belongs to.</summary>
    IDistributedApplicationBuilder ApplicationBuilder { get; }

    /// <summary>The resource.</summary>
    T Resource { get; }

    /// <summary>Adds an annotation, or puts it in the place of those of its type.</summary>
    /// <exception cref="InvalidOperationException">More than one is there to be replaced.</exception>
    IResourceBuilder<T> WithAnnotation<TAnnotation>(
        TAnnotation annotation,
        ResourceAnnotationMutationBehavior behavior = ResourceAnnotationMutationBehavior.Append)
        where TAnnotation : IResourceAnnotation;

    /// <summary>Adds a new annotation of the type, or puts it in the place of those of its type.</summary>
    IResourceBuilder<T> WithAnnotation<TAnnotation>(ResourceAnnotationMutationBehavior behavior = ResourceAnnotationMutationBehavior.Append)
        where TAnnotation : IResourceAnnotation, new() => WithAnnotation(new TAnnotation(), behavior);
}
