using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Adds processes.</summary>
public static partial class ExecutableResourceBuilderExtensions
{
    /// <summary>Adds a process.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name.</param>
    /// <param name="command">A path, or a name that PATH finds.</param>
    /// <param name="workingDirectory">The folder that it runs in, relative to the AppHost's.</param>
    /// <param name="args">Arguments.</param>
    public static IResourceBuilder<ExecutableResource> AddExecutable(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        string command,
        string workingDirectory,
        params string[]? args)
        => builder.AddExecutable(name, command, workingDirectory, (object[]?)args);

    /// <summary>Adds a process.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name.</param>
    /// <param name="command">A path, or a name that PATH finds.</param>
    /// <param name="workingDirectory">The folder that it runs in, relative to the AppHost's.</param>
    /// <param name="args">Arguments: strings, or values that are known later.</param>
    public static IResourceBuilder<ExecutableResource> AddExecutable(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        string command,
        string workingDirectory,
        params object[]? args)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(workingDirectory);
        var directory = Path.GetFullPath(Path.Combine(builder.AppHostDirectory, workingDirectory));
        return builder.AddResource(new ExecutableResource(name, command, directory)).WithArgs(args ?? []);
    }

    /// <summary>Changes the program.</summary>
    /// <param name="builder">The process.</param>
    /// <param name="command">A path, or a name that PATH finds.</param>
    public static IResourceBuilder<T> WithCommand<T>(this IResourceBuilder<T> builder, string command)
        where T : ExecutableResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(command);
        builder.Resource.Annotations.OfType<ExecutableAnnotation>().Last().Command = command;
        return builder;
    }

    /// <summary>Changes the folder that it runs in.</summary>
    /// <param name="builder">The process.</param>
    /// <param name="workingDirectory">The folder, relative to the AppHost's.</param>
    public static IResourceBuilder<T> WithWorkingDirectory<T>(this IResourceBuilder<T> builder, string workingDirectory)
        where T : ExecutableResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(workingDirectory);
        builder.Resource.Annotations.OfType<ExecutableAnnotation>().Last().WorkingDirectory =
            Path.GetFullPath(Path.Combine(builder.ApplicationBuilder.AppHostDirectory, workingDirectory));
        return builder;
    }

    /// <summary>In the manifest, makes the process a container built from the Dockerfile in its folder.</summary>
    public static IResourceBuilder<T> PublishAsDockerFile<T>(this IResourceBuilder<T> builder)
        where T : ExecutableResource => builder.PublishAsDockerFile(configure: null);

    /// <summary>In the manifest, makes the process a container built from the Dockerfile in its folder.</summary>
    /// <param name="builder">The process.</param>
    /// <param name="configure">Changes the container; its arguments start out empty.</param>
    public static IResourceBuilder<T> PublishAsDockerFile<T>(this IResourceBuilder<T> builder, Action<IResourceBuilder<ContainerResource>>? configure)
        where T : ExecutableResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        return PublishedContainer.Replace(builder, builder.Resource.WorkingDirectory, container =>
        {
            container.WithArgs(context => context.Args.Clear());
            configure?.Invoke(container);
        });
    }
}
