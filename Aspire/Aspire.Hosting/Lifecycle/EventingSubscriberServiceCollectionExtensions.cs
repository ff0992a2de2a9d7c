using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Aspire.Hosting.Lifecycle;

/// <summary>Registers services that subscribe to events.</summary>
public static class EventingSubscriberServiceCollectionExtensions
{
    /// <summary>Registers a subscriber.</summary>
    public static void AddEventingSubscriber<T>(this IServiceCollection services)
        where T : class, IDistributedApplicationEventingSubscriber
        => services.AddSingleton<IDistributedApplicationEventingSubscriber, T>();

    /// <summary>Registers a subscriber unless it is registered already.</summary>
    public static void TryAddEventingSubscriber<T>(this IServiceCollection services)
        where T : class, IDistributedApplicationEventingSubscriber
        => services.TryAddEnumerable(ServiceDescriptor.Singleton<IDistributedApplicationEventingSubscriber, T>());
}
