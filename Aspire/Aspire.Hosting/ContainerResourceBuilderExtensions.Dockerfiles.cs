using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <content>Images that are built from Dockerfiles.</content>
public static partial class ContainerResourceBuilderExtensions
{
    /// <summary>Stands for the image until it is known what is built.</summary>
    private const string Unbuilt = "placeholder";

    private const int TagLength = 40;

    /// <summary>Adds a container whose image is built from a Dockerfile.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name.</param>
    /// <param name="contextPath">The folder that the build sees, relative to the AppHost's.</param>
    /// <param name="dockerfilePath">The Dockerfile, relative to that folder; <c>Dockerfile</c> by default.</param>
    /// <param name="stage">The stage to build; the last one by default.</param>
    public static IResourceBuilder<ContainerResource> AddDockerfile(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, string contextPath, string? dockerfilePath = null, string? stage = null)
        => builder.AddContainer(name, Unbuilt).WithDockerfile(contextPath, dockerfilePath, stage);

    /// <summary>Adds a container whose image is built from a Dockerfile that a callback writes.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name.</param>
    /// <param name="contextPath">The folder that the build sees, relative to the AppHost's.</param>
    /// <param name="dockerfileFactory">Writes the Dockerfile's text.</param>
    /// <param name="stage">The stage to build; the last one by default.</param>
    public static IResourceBuilder<ContainerResource> AddDockerfileFactory(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        string contextPath,
        Func<DockerfileFactoryContext, string> dockerfileFactory,
        string? stage = null)
        => builder.AddContainer(name, Unbuilt).WithDockerfileFactory(contextPath, dockerfileFactory, stage);

    /// <summary>Adds a container whose image is built from a Dockerfile that a callback writes.</summary>
    /// <inheritdoc cref="AddDockerfileFactory(IDistributedApplicationBuilder, string, string, Func{DockerfileFactoryContext, string}, string?)" path="/param" />
    public static IResourceBuilder<ContainerResource> AddDockerfileFactory(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        string contextPath,
        Func<DockerfileFactoryContext, Task<string>> dockerfileFactory,
        string? stage = null)
        => builder.AddContainer(name, Unbuilt).WithDockerfileFactory(contextPath, dockerfileFactory, stage);

    /// <summary>Builds the container's image from a Dockerfile.</summary>
    /// <param name="builder">The container.</param>
    /// <param name="contextPath">The folder that the build sees, relative to the AppHost's.</param>
    /// <param name="dockerfilePath">The Dockerfile, relative to that folder; <c>Dockerfile</c> by default.</param>
    /// <param name="stage">The stage to build; the last one by default.</param>
    public static IResourceBuilder<T> WithDockerfile<T>(
        this IResourceBuilder<T> builder, string contextPath, string? dockerfilePath = null, string? stage = null)
        where T : ContainerResource
    {
        var context = ContextOf(builder, contextPath);
        return builder.WithBuild(new DockerfileBuildAnnotation(context, Path.GetFullPath(dockerfilePath ?? "Dockerfile", context), stage));
    }

    /// <summary>Builds the container's image from a Dockerfile that a callback writes.</summary>
    /// <param name="builder">The container.</param>
    /// <param name="contextPath">The folder that the build sees, relative to the AppHost's.</param>
    /// <param name="dockerfileFactory">Writes the Dockerfile's text.</param>
    /// <param name="stage">The stage to build; the last one by default.</param>
    public static IResourceBuilder<T> WithDockerfileFactory<T>(
        this IResourceBuilder<T> builder, string contextPath, Func<DockerfileFactoryContext, string> dockerfileFactory, string? stage = null)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(dockerfileFactory);
        return builder.WithDockerfileFactory(contextPath, context => Task.FromResult(dockerfileFactory(context)), stage);
    }

    /// <summary>Builds the container's image from a Dockerfile that a callback writes.</summary>
    /// <inheritdoc cref="WithDockerfileFactory{T}(IResourceBuilder{T}, string, Func{DockerfileFactoryContext, string}, string?)" path="/param" />
    public static IResourceBuilder<T> WithDockerfileFactory<T>(
        this IResourceBuilder<T> builder, string contextPath, Func<DockerfileFactoryContext, Task<string>> dockerfileFactory, string? stage = null)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(dockerfileFactory);

        // In a folder of its own: some engines read the whole folder of the Dockerfile.
        var dockerfile = Path.Combine(Path.GetTempPath(), $"aspire-dockerfile-{RandomNumberGenerator.GetHexString(12, lowercase: true)}", "Dockerfile");
        return builder.WithBuild(new DockerfileBuildAnnotation(ContextOf(builder, contextPath), dockerfile, stage) { DockerfileFactory = dockerfileFactory });
    }

    /// <summary>Gives an <c>ARG</c> of the Dockerfile a value.</summary>
    /// <param name="builder">The container.</param>
    /// <param name="name">The argument's name.</param>
    /// <param name="value">Text, or a value that is known at run time only; null takes it from the environment of the build.</param>
    /// <exception cref="InvalidOperationException">The image is not built from a Dockerfile.</exception>
    public static IResourceBuilder<T> WithBuildArg<T>(this IResourceBuilder<T> builder, string name, object? value)
        where T : ContainerResource
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        BuildOf(builder).BuildArguments[name] = value;
        return builder;
    }

    /// <summary>Gives an <c>ARG</c> of the Dockerfile a parameter's value.</summary>
    /// <param name="builder">The container.</param>
    /// <param name="name">The argument's name.</param>
    /// <param name="value">The parameter.</param>
    /// <exception cref="InvalidOperationException">
    /// The image is not built from a Dockerfile, or the parameter is a secret, which would stay readable in the image's history.
    /// </exception>
    public static IResourceBuilder<T> WithBuildArg<T>(this IResourceBuilder<T> builder, string name, IResourceBuilder<ParameterResource> value)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.Resource.Secret
            ? throw new InvalidOperationException(
                $"The parameter '{value.Resource.Name}' is a secret; as build argument '{name}' of resource '{builder.Resource.Name}' it would stay in the image. Use WithBuildSecret.")
            : builder.WithBuildArg(name, value.Resource);
    }

    /// <summary>Lets the build mount a parameter's value as a secret (<c>RUN --mount=type=secret,id=...</c>).</summary>
    /// <param name="builder">The container.</param>
    /// <param name="name">The secret's id.</param>
    /// <param name="value">The parameter.</param>
    /// <exception cref="InvalidOperationException">The image is not built from a Dockerfile.</exception>
    public static IResourceBuilder<T> WithBuildSecret<T>(this IResourceBuilder<T> builder, string name, IResourceBuilder<ParameterResource> value)
        where T : ContainerResource
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        BuildOf(builder).BuildSecrets[name] = value.Resource;
        return builder;
    }

    private static string ContextOf<T>(IResourceBuilder<T> builder, string contextPath)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(contextPath);
        return Path.TrimEndingDirectorySeparator(Path.GetFullPath(contextPath, builder.ApplicationBuilder.AppHostDirectory));
    }

    private static DockerfileBuildAnnotation BuildOf<T>(IResourceBuilder<T> builder)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Resource.TryGetLastAnnotation<DockerfileBuildAnnotation>(out var build)
            ? build
            : throw new InvalidOperationException($"The image of resource '{builder.Resource.Name}' is not built from a Dockerfile. Call WithDockerfile first.");
    }

    private static IResourceBuilder<T> WithBuild<T>(this IResourceBuilder<T> builder, DockerfileBuildAnnotation build)
        where T : ContainerResource
    {
        // A tag that no earlier build had: otherwise the engine might take that one's image.
        var (name, tag) = (builder.Resource.Name.ToLowerInvariant(), RandomNumberGenerator.GetHexString(TagLength, lowercase: true));
        builder.WithAnnotation(build, ResourceAnnotationMutationBehavior.Replace);
        if (builder.Resource.HasAnnotationOfType<ContainerImageAnnotation>())
        {
            build.ImageName = name;
            build.ImageTag = tag;
            return builder;
        }

        return builder.WithImage(name, tag);
    }
}
