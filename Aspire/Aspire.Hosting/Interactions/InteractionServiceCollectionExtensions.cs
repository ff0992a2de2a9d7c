using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Aspire.Hosting.Interactions;

/// <summary>Registers what asks.</summary>
internal static class InteractionServiceCollectionExtensions
{
    /// <summary>Adds <see cref="IInteractionService"/> and the feed behind it.</summary>
    /// <param name="services">The application's services.</param>
    public static IServiceCollection AddInteractions(this IServiceCollection services)
    {
        services.TryAddSingleton<InteractionFeed>();
        services.TryAddSingleton<IInteractionService, InteractionService>();
        return services;
    }
}
