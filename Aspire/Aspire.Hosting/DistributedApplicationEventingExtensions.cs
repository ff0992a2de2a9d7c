using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Publishing;

namespace Aspire.Hosting;

/// <summary>Subscribes to events where the resource is described.</summary>
public static class DistributedApplicationEventingExtensions
{
    /// <summary>Before the application runs or is published.</summary>
    public static T OnBeforeStart<T>(this T builder, Func<BeforeStartEvent, CancellationToken, Task> callback)
        where T : IDistributedApplicationBuilder => OnApplication(builder, callback);

    /// <summary>Before the application is published.</summary>
    public static T OnBeforePublish<T>(this T builder, Func<BeforePublishEvent, CancellationToken, Task> callback)
        where T : IDistributedApplicationBuilder => OnApplication(builder, callback);

    /// <summary>After the application has been published.</summary>
    public static T OnAfterPublish<T>(this T builder, Func<AfterPublishEvent, CancellationToken, Task> callback)
        where T : IDistributedApplicationBuilder => OnApplication(builder, callback);

    /// <summary>When the resource comes to life.</summary>
    public static IResourceBuilder<T> OnInitializeResource<T>(this IResourceBuilder<T> builder, Func<T, InitializeResourceEvent, CancellationToken, Task> callback)
        where T : IResource => OnResource(builder, callback);

    /// <summary>When it is known where the resource's endpoints listen.</summary>
    public static IResourceBuilder<T> OnResourceEndpointsAllocated<T>(this IResourceBuilder<T> builder, Func<T, ResourceEndpointsAllocatedEvent, CancellationToken, Task> callback)
        where T : IResourceWithEndpoints => OnResource(builder, callback);

    /// <summary>When the resource's connection string is known.</summary>
    public static IResourceBuilder<T> OnConnectionStringAvailable<T>(this IResourceBuilder<T> builder, Func<T, ConnectionStringAvailableEvent, CancellationToken, Task> callback)
        where T : IResourceWithConnectionString => OnResource(builder, callback);

    /// <summary>Before the resource starts; it starts when all callbacks have ended.</summary>
    public static IResourceBuilder<T> OnBeforeResourceStarted<T>(this IResourceBuilder<T> builder, Func<T, BeforeResourceStartedEvent, CancellationToken, Task> callback)
        where T : IResource => OnResource(builder, callback);

    /// <summary>When the resource runs and is healthy for the first time after a start.</summary>
    public static IResourceBuilder<T> OnResourceReady<T>(this IResourceBuilder<T> builder, Func<T, ResourceReadyEvent, CancellationToken, Task> callback)
        where T : IResource => OnResource(builder, callback);

    /// <summary>When the resource has ended.</summary>
    public static IResourceBuilder<T> OnResourceStopped<T>(this IResourceBuilder<T> builder, Func<T, ResourceStoppedEvent, CancellationToken, Task> callback)
        where T : IResource => OnResource(builder, callback);

    private static TBuilder OnApplication<TBuilder, TEvent>(TBuilder builder, Func<TEvent, CancellationToken, Task> callback)
        where TBuilder : IDistributedApplicationBuilder
        where TEvent : IDistributedApplicationEvent
    {
        builder.Eventing.Subscribe(callback);
        return builder;
    }

    private static IResourceBuilder<TResource> OnResource<TResource, TEvent>(IResourceBuilder<TResource> builder, Func<TResource, TEvent, CancellationToken, Task> callback)
        where TResource : IResource
        where TEvent : IDistributedApplicationResourceEvent
    {
        builder.ApplicationBuilder.Eventing.Subscribe<TEvent>(builder.Resource, (@event, cancellationToken) => callback(builder.Resource, @event, cancellationToken));
        return builder;
    }
}
