using System.Runtime.CompilerServices;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting;

/// <content>Commands.</content>
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

    /// <summary>Adds a command that sends an HTTP request to an endpoint of the resource, while the resource runs.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="path">The path.</param>
    /// <param name="displayName">The text.</param>
    /// <param name="endpointName">The endpoint; the one named https or else http by default.</param>
    /// <param name="commandName">The name, unique within the resource; made from endpoint, method and path by default.</param>
    /// <param name="commandOptions">How it looks, when it can be used, what is sent and what becomes of the answer.</param>
    /// <exception cref="DistributedApplicationException">There is no such endpoint, or it does not speak HTTP.</exception>
    public static IResourceBuilder<TResource> WithHttpCommand<TResource>(
        this IResourceBuilder<TResource> builder,
        string path,
        string displayName,
        [EndpointName] string? endpointName = null,
        string? commandName = null,
        HttpCommandOptions? commandOptions = null)
        where TResource : IResourceWithEndpoints
        => builder.WithHttpCommand(path, displayName, builder.HttpEndpoint(endpointName, "HTTP command"), commandName, commandOptions);

    /// <summary>Adds a command that sends an HTTP request to an endpoint, while the resource runs.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="path">The path.</param>
    /// <param name="displayName">The text.</param>
    /// <param name="endpointSelector">Chooses the endpoint, at once; the one named https or else http when null.</param>
    /// <param name="commandName">The name, unique within the resource; made from endpoint, method and path by default.</param>
    /// <param name="commandOptions">How it looks, when it can be used, what is sent and what becomes of the answer.</param>
    /// <exception cref="DistributedApplicationException">There is no such endpoint, or it does not speak HTTP.</exception>
    public static IResourceBuilder<TResource> WithHttpCommand<TResource>(
        this IResourceBuilder<TResource> builder,
        string path,
        string displayName,
        Func<EndpointReference>? endpointSelector,
        string? commandName = null,
        HttpCommandOptions? commandOptions = null)
        where TResource : IResourceWithEndpoints
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(path);
        var endpoint = builder.Select(endpointSelector, "HTTP command");
        var options = commandOptions ?? new HttpCommandOptions();
        var method = options.Method ??= HttpMethod.Post;
        options.UpdateState ??= HttpCommand.EnabledWhileRunning;
        builder.ApplicationBuilder.Services.AddHttpClient();
        return builder.WithCommand(
            commandName ?? $"{endpoint.Resource.Name}-{endpoint.EndpointName}-http-{method.Method.ToLowerInvariant()}-{path}",
            displayName,
            new HttpCommand(endpoint, path, method, options).ExecuteAsync,
            options);
    }
}
