using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Python;

namespace Aspire.Hosting;

/// <summary>Adds Python applications.</summary>
public static partial class PythonAppResourceBuilderExtensions
{
    /// <summary>Adds a Python application that a script starts.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name.</param>
    /// <param name="appDirectory">The folder that it runs in, relative to the AppHost's.</param>
    /// <param name="scriptPath">The script, relative to that folder.</param>
    /// <remarks>
    /// It runs with the virtual environment <c>.venv</c> of its folder, or of one above it; where there is none, it is made in its folder at
    /// start. Packages that <c>pyproject.toml</c> or <c>requirements.txt</c> name are installed into it. In the manifest it is a container.
    /// </remarks>
    public static IResourceBuilder<PythonAppResource> AddPythonApp(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, string appDirectory, string scriptPath)
        => builder.Add(name, appDirectory, new PythonEntrypoint(EntrypointType.Script, scriptPath), Plain);

    /// <summary>Adds a Python application that a module starts.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name.</param>
    /// <param name="appDirectory">The folder that it runs in, relative to the AppHost's.</param>
    /// <param name="moduleName">The module, as <c>python -m</c> takes it.</param>
    /// <inheritdoc cref="AddPythonApp(IDistributedApplicationBuilder, string, string, string)" path="/remarks" />
    public static IResourceBuilder<PythonAppResource> AddPythonModule(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, string appDirectory, string moduleName)
        => builder.Add(name, appDirectory, new PythonEntrypoint(EntrypointType.Module, moduleName), Plain);

    /// <summary>Adds a Python application that a program of its virtual environment starts.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name.</param>
    /// <param name="appDirectory">The folder that it runs in, relative to the AppHost's.</param>
    /// <param name="executableName">The program's name, without a path.</param>
    /// <inheritdoc cref="AddPythonApp(IDistributedApplicationBuilder, string, string, string)" path="/remarks" />
    public static IResourceBuilder<PythonAppResource> AddPythonExecutable(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, string appDirectory, string executableName)
        => builder.Add(name, appDirectory, new PythonEntrypoint(EntrypointType.Executable, executableName), Plain);

    /// <summary>Adds a Python web application (ASGI) that uvicorn serves on an endpoint named http; when run, it is loaded again when its files change.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The name.</param>
    /// <param name="appDirectory">The folder that it runs in, relative to the AppHost's.</param>
    /// <param name="app">The application as uvicorn takes it, such as <c>main:app</c>.</param>
    /// <inheritdoc cref="AddPythonApp(IDistributedApplicationBuilder, string, string, string)" path="/remarks" />
    public static IResourceBuilder<UvicornAppResource> AddUvicornApp(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, string appDirectory, string app)
    {
        ArgumentException.ThrowIfNullOrEmpty(app);
        var entrypoint = new PythonEntrypoint(EntrypointType.Executable, "uvicorn");
        return builder.Add(name, appDirectory, entrypoint, (resource, program, folder) => new UvicornAppResource(resource, program, folder))
            .WithHttpEndpoint(env: "PORT")
            .WithArgs(context =>
            {
                var endpoint = ((IResourceWithEndpoints)context.Resource).GetEndpoint("http");
                var runs = builder.ExecutionContext.IsRunMode;
                context.Args.Add(app);
                context.Args.Add("--host");
                context.Args.Add(runs ? endpoint.EndpointAnnotation.TargetHost : "0.0.0.0");
                context.Args.Add("--port");
                context.Args.Add(endpoint.Property(EndpointProperty.TargetPort));
                if (runs)
                {
                    context.Args.Add("--reload");
                }
            });
    }

    /// <summary>Changes what starts the application; arguments added before are dropped.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="entrypointType">What kind of thing it is.</param>
    /// <param name="entrypoint">The program, script or module.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such kind.</exception>
    public static IResourceBuilder<T> WithEntrypoint<T>(this IResourceBuilder<T> builder, EntrypointType entrypointType, string entrypoint)
        where T : PythonAppResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(entrypoint);
        if (!Enum.IsDefined(entrypointType))
        {
            throw new ArgumentOutOfRangeException(nameof(entrypointType), entrypointType, "There is no such kind of entry point.");
        }

        var start = new PythonEntrypoint(entrypointType, entrypoint);
        return builder.WithCommand(EnvironmentOf(builder).Program(start.Program))
            .WithAnnotation(start, ResourceAnnotationMutationBehavior.Replace)
            .WithArgs(context =>
            {
                context.Args.Clear();

                // Published, it is the image that starts it.
                foreach (var argument in context.ExecutionContext.IsRunMode ? start.Arguments : [])
                {
                    context.Args.Add(argument);
                }
            });
    }

    /// <summary>Changes the virtual environment.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="virtualEnvironmentPath">Its folder, relative to the application's.</param>
    /// <param name="createIfNotExists">Whether it is made at start when the folder is not there.</param>
    public static IResourceBuilder<T> WithVirtualEnvironment<T>(this IResourceBuilder<T> builder, string virtualEnvironmentPath, bool createIfNotExists = true)
        where T : PythonAppResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(virtualEnvironmentPath);
        var environment = new VirtualEnvironment(Path.GetFullPath(virtualEnvironmentPath, builder.Resource.WorkingDirectory), createIfNotExists);
        builder.WithAnnotation(environment, ResourceAnnotationMutationBehavior.Replace);
        return builder.Resource.TryGetLastAnnotation<PythonEntrypoint>(out var entrypoint)
            ? builder.WithCommand(environment.Program(entrypoint.Program))
            : builder;
    }

    private static PythonAppResource Plain(string name, string program, string folder) => new(name, program, folder);

    private static VirtualEnvironment EnvironmentOf<T>(IResourceBuilder<T> builder)
        where T : PythonAppResource => builder.Resource.Annotations.OfType<VirtualEnvironment>().Last();

    private static IResourceBuilder<T> Add<T>(
        this IDistributedApplicationBuilder builder, string name, string appDirectory, PythonEntrypoint entrypoint, Func<string, string, string, T> create)
        where T : PythonAppResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(appDirectory);
        ArgumentException.ThrowIfNullOrEmpty(entrypoint.Target);
        var folder = Path.GetFullPath(appDirectory, builder.AppHostDirectory);
        var application = builder.AddResource(create(name, "python", folder))
            .WithVirtualEnvironment(VirtualEnvironment.Find(folder, builder.AppHostDirectory))
            .WithEntrypoint(entrypoint.Type, entrypoint.Target)
            .WithOtlpExporter()
            .WithEnvironment(SetVariables);
        application.PublishAsDockerFile(container =>
        {
            if (!File.Exists(Path.Join(folder, "Dockerfile")))
            {
                container.WithDockerfileFactory(folder, _ => PythonDockerfile.Write(application.Resource, folder));
            }
        });
        return application.WithPackagesOfFolder();
    }

    private static void SetVariables(EnvironmentCallbackContext context)
    {
        var variables = context.EnvironmentVariables;

        // OpenTelemetry's automatic instrumentation sends nothing where nothing is said.
        variables["OTEL_TRACES_EXPORTER"] = "otlp";
        variables["OTEL_LOGS_EXPORTER"] = "otlp";
        variables["OTEL_METRICS_EXPORTER"] = "otlp";
        variables["OTEL_PYTHON_LOGGING_AUTO_INSTRUMENTATION_ENABLED"] = "true";

        // Elsewhere Python writes UTF-8 of itself.
        if (OperatingSystem.IsWindows() && context.ExecutionContext.IsRunMode)
        {
            variables["PYTHONUTF8"] = "1";
        }
    }
}
