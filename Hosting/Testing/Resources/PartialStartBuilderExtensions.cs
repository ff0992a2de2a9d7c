using Aspire.Hosting.ApplicationModel;
using Trellis.Hosting.Testing;

namespace Aspire.Hosting;

/// <summary>Starts a part of an application in a test.</summary>
public static class PartialStartBuilderExtensions
{
    /// <summary>
    /// Lets the application start only some resources, and all that those refer to or wait for, directly or not. The others stay in the model,
    /// in the state NotStarted; their command <c>start</c> starts them (<see cref="KnownResourceCommands.StartCommand"/>).
    /// </summary>
    /// <remarks>A resource that is named starts with the application, also where the model says <c>WithExplicitStart()</c>. A second call adds to the first.</remarks>
    /// <param name="builder">The builder of the application under test.</param>
    /// <param name="resourceNames">The names of the resources.</param>
    /// <exception cref="ArgumentException">No name is given, or there is no resource of a name; the message lists those that there are.</exception>
    public static T StartOnly<T>(this T builder, params string[] resourceNames)
        where T : IDistributedApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(resourceNames);
        if (resourceNames.Length == 0)
        {
            throw new ArgumentException("Name at least one resource to start.", nameof(resourceNames));
        }

        var chosen = resourceNames.Select(name => ResourceNames.Find(builder.Resources, name)).ToList();
        foreach (var resource in chosen)
        {
            if (resource.Annotations.OfType<StartChosenAnnotation>().Any())
            {
                continue;
            }

            resource.Annotations.Add(new StartChosenAnnotation());
            foreach (var explicitStart in resource.Annotations.OfType<ExplicitStartupAnnotation>().ToArray())
            {
                resource.Annotations.Remove(explicitStart);
            }
        }

        // Late, when the test has made all its changes to the model. What is hidden is the engine's own.
        builder.Eventing.Subscribe<BeforeStartEvent>((starting, _) =>
        {
            var all = starting.Model.Resources.ToArray();
            var needed = ResourceDependencies.Of(all.Where(resource => resource.Annotations.OfType<StartChosenAnnotation>().Any()), all);
            foreach (var resource in all.Where(resource => !needed.Contains(resource) && !IsHidden(resource)))
            {
                if (!resource.Annotations.OfType<ExplicitStartupAnnotation>().Any())
                {
                    resource.Annotations.Add(new ExplicitStartupAnnotation());
                }
            }

            return Task.CompletedTask;
        });
        return builder;
    }

    private static bool IsHidden(IResource resource) =>
        resource.Annotations.OfType<ResourceSnapshotAnnotation>().LastOrDefault()?.InitialSnapshot.IsHidden == true;

    private sealed class StartChosenAnnotation : IResourceAnnotation;
}
