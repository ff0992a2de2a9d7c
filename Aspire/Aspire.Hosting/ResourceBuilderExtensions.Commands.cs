using System.Runtime.CompilerServices;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Adds a command that the dashboard shows; one of the same name is replaced.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="name">The name, unique within the resource.</param>
    /// <param name="displayName">The text.</param>
    /// <param name="executeCommand">Runs the command, once for every instance.</param>
    /// <param name="commandOptions">How it looks, and when it can be used.</param>
    [OverloadResolutionPriority(1)]
    public static IResourceBuilder<T> WithCommand<T>(
        this IResourceBuilder<T> builder,
        string name,
        string displayName,
        Func<ExecuteCommandContext, Task<ExecuteCommandResult>> executeCommand,
        CommandOptions? commandOptions = null)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = commandOptions ?? CommandOptions.Default;
        var command = new ResourceCommandAnnotation(name, displayName, options.UpdateState ?? (_ => ResourceCommandState.Enabled), executeCommand, options);
        foreach (var former in builder.Resource.Annotations.OfType<ResourceCommandAnnotation>().Where(former => former.Name == name).ToArray())
        {
            builder.Resource.Annotations.Remove(former);
        }

        return builder.WithAnnotation(command);
    }
}
