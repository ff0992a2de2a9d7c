using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Lets several runs of one model live side by side.</summary>
public static class RandomPortsBuilderExtensions
{
    /// <summary>
    /// Has the system choose the ports of projects and executables that listen without a proxy on a port which the model fixes. Aspire's testing
    /// builder does so only for endpoints with a proxy.
    /// </summary>
    /// <remarks>The process has to listen where its environment or arguments say, as the endpoint does; one with a port of its own in its code cannot be moved.</remarks>
    /// <param name="builder">The builder of the application under test.</param>
    public static T WithRandomPorts<T>(this T builder)
        where T : IDistributedApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Eventing.Subscribe<BeforeStartEvent>((starting, _) =>
        {
            foreach (var endpoint in starting.Model.Resources
                .Where(resource => resource is ProjectResource or ExecutableResource)
                .SelectMany(resource => resource.Annotations.OfType<EndpointAnnotation>())
                .Where(endpoint => !endpoint.IsProxied))
            {
                endpoint.Port = null;
                endpoint.TargetPort = null;
            }

            return Task.CompletedTask;
        });
        return builder;
    }
}
