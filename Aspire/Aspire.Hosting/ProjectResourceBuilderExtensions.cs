using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>Adds .NET projects.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>The port that ASP.NET Core's base images listen on.</summary>
    private const int AspNetCorePort = 8080;

    /// <summary>Adds a project that the AppHost references.</summary>
    /// <typeparam name="TProject">The class in <c>Projects</c> that the build wrote for it.</typeparam>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, [ResourceName] string name)
        where TProject : IProjectMetadata, new() => builder.AddProject<TProject>(name, _ => { });

    /// <summary>Adds a project that the AppHost references.</summary>
    /// <typeparam name="TProject">The class in <c>Projects</c> that the build wrote for it.</typeparam>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name.</param>
    /// <param name="launchProfileName">The launch profile; null for none.</param>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, [ResourceName] string name, string? launchProfileName)
        where TProject : IProjectMetadata, new()
        => builder.AddProject<TProject>(name, options =>
        {
            options.ExcludeLaunchProfile = launchProfileName is null;
            options.LaunchProfileName = launchProfileName;
        });

    /// <summary>Adds a project that the AppHost references.</summary>
    /// <typeparam name="TProject">The class in <c>Projects</c> that the build wrote for it.</typeparam>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, [ResourceName] string name, Action<ProjectResourceOptions> configure)
        where TProject : IProjectMetadata, new() => builder.AddProject(name, new TProject(), configure);

    /// <summary>Adds a project by the path of its file or folder, relative to the AppHost's folder.</summary>
    public static IResourceBuilder<ProjectResource> AddProject(this IDistributedApplicationBuilder builder, [ResourceName] string name, string projectPath)
        => builder.AddProject(name, projectPath, _ => { });

    /// <summary>Adds a project by the path of its file or folder, relative to the AppHost's folder.</summary>
    public static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        string projectPath,
        Action<ProjectResourceOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(projectPath);
        var path = Path.GetFullPath(Path.Combine(builder.AppHostDirectory, projectPath));
        var file = Directory.Exists(path) && Directory.GetFiles(path, "*.csproj") is [var only] ? only : path;
        return builder.AddProject(name, new ProjectMetadata(file), configure);
    }

    /// <summary>Adds a project by the path of its file or folder, relative to the AppHost's folder.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name.</param>
    /// <param name="projectPath">The path.</param>
    /// <param name="launchProfileName">The launch profile; null for none.</param>
    public static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        string projectPath,
        string? launchProfileName)
        => builder.AddProject(name, projectPath, options =>
        {
            options.ExcludeLaunchProfile = launchProfileName is null;
            options.LaunchProfileName = launchProfileName;
        });

    /// <summary>Chooses the endpoints that ASP.NET Core is told to listen on; the project opens the others itself.</summary>
    public static IResourceBuilder<ProjectResource> WithEndpointsInEnvironment(this IResourceBuilder<ProjectResource> builder, Func<EndpointAnnotation, bool> filter)
        => builder.WithAnnotation(new EndpointEnvironmentFilterAnnotation(filter));

    /// <summary>Leaves <c>X-Forwarded-*</c> headers alone when deployed.</summary>
    public static IResourceBuilder<ProjectResource> DisableForwardedHeaders(this IResourceBuilder<ProjectResource> builder)
        => builder.WithAnnotation(new DisableForwardedHeadersAnnotation(), ResourceAnnotationMutationBehavior.Replace);

    /// <summary>Runs the project as several processes behind the same endpoints.</summary>
    /// <param name="builder">The project.</param>
    /// <param name="replicas">How many.</param>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas)
        => builder.WithAnnotation(new ReplicaAnnotation(replicas), ResourceAnnotationMutationBehavior.Replace);

    private static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder,
        string name,
        IProjectMetadata metadata,
        Action<ProjectResourceOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new ProjectResourceOptions();
        configure(options);
        var project = builder.AddResource(new ProjectResource(name)).WithAnnotation(metadata);

        // Retries belong to the exporter's experimental settings: https://github.com/open-telemetry/opentelemetry-dotnet/pull/5495.
        project.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory");
        if (builder.ExecutionContext.IsRunMode && builder.Environment.IsDevelopment())
        {
            project.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION", "true");
            project.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION", "true");
        }

        project.WithOtlpExporter();
        if (options.ExcludeLaunchProfile)
        {
            project.WithAnnotation(new ExcludeLaunchProfileAnnotation());
        }

        var profile = LaunchProfiles.Find(metadata, options, builder.Configuration["AppHost:DefaultLaunchProfileName"] ?? builder.Configuration["DOTNET_LAUNCH_PROFILE"]);
        if (profile is not null)
        {
            project.WithAnnotation(profile);
        }

        if (builder.ExecutionContext.IsPublishMode)
        {
            project.WithEnvironment(SetForwardedHeaders);
        }

        ProjectEndpoints.AddTo(project, profile?.Profile, options);
        return builder.ExecutionContext.IsRunMode && profile is not null ? project.WithProfileVariables(profile) : project;
    }

    /// <summary>In the manifest, makes the project a container built from the Dockerfile in its folder.</summary>
    /// <param name="builder">The project.</param>
    /// <param name="configure">Changes the container; its arguments start out empty, its endpoints http and https on port 8080.</param>
    public static IResourceBuilder<T> PublishAsDockerFile<T>(this IResourceBuilder<T> builder, Action<IResourceBuilder<ContainerResource>>? configure = null)
        where T : ProjectResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        var folder = Path.GetDirectoryName(builder.Resource.GetProjectMetadata().ProjectPath)!;
        return PublishedContainer.Replace(builder, folder, container =>
        {
            container.WithArgs(context => context.Args.Clear());
            container.WithEndpoint("http", endpoint => endpoint.TargetPort ??= AspNetCorePort, createIfNotExists: false);
            container.WithEndpoint("https", endpoint => endpoint.TargetPort ??= AspNetCorePort, createIfNotExists: false);
            configure?.Invoke(container);
        });
    }

    private static IResourceBuilder<ProjectResource> WithProfileVariables(this IResourceBuilder<ProjectResource> project, NamedLaunchProfile profile)
        => project.WithEnvironment(context =>
        {
            // As dotnet run sets it.
            context.EnvironmentVariables.TryAdd("DOTNET_LAUNCH_PROFILE", profile.Name);
            foreach (var (name, value) in profile.Profile.EnvironmentVariables)
            {
                context.EnvironmentVariables.TryAdd(name, Environment.ExpandEnvironmentVariables(value));
            }
        });

    private static void SetForwardedHeaders(EnvironmentCallbackContext context)
    {
        if (context.Resource is ProjectResource project && project.GetEndpoints().Any() && !project.HasAnnotationOfType<DisableForwardedHeadersAnnotation>())
        {
            context.EnvironmentVariables["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true";
        }
    }

    private sealed class ProjectMetadata(string projectPath) : IProjectMetadata
    {
        public string ProjectPath { get; } = projectPath;
    }
}
