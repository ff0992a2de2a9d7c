using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Trellis.ServiceDefaults.OpenApi;

/// <summary>
/// While the build asks the service for its OpenAPI document (Microsoft.Extensions.ApiDescription.Server starts it for that), nothing of it may run: no
/// migration, no check of settings that only a deployed service has.
/// </summary>
internal static class DocumentGeneration
{
    private const string Tool = "GetDocument.Insider";

    public static bool IsUnderWay { get; } = Assembly.GetEntryAssembly()?.GetName().Name == Tool;

    /// <summary>Builds the services without those that run with the host; the one that puts the request pipeline together stays.</summary>
    internal sealed class WithoutHostedServices : IServiceProviderFactory<IServiceCollection>
    {
        private const string Pipeline = "Microsoft.AspNetCore.Hosting.GenericWebHostService";

        public IServiceCollection CreateBuilder(IServiceCollection services) => services;

        public IServiceProvider CreateServiceProvider(IServiceCollection containerBuilder)
        {
            for (var index = containerBuilder.Count - 1; index >= 0; index--)
            {
                if (containerBuilder[index] is { IsKeyedService: false } service && service.ServiceType == typeof(IHostedService) && service.ImplementationType?.FullName != Pipeline)
                {
                    containerBuilder.RemoveAt(index);
                }
            }

            return containerBuilder.BuildServiceProvider();
        }
    }
}
