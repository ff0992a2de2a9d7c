using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Python;

namespace Aspire.Hosting;

/// <content>Virtual environments and packages.</content>
public static partial class PythonAppResourceBuilderExtensions
{
    /// <summary>Installs the packages that <c>pyproject.toml</c> or <c>requirements.txt</c> names with the pip of the virtual environment before the application starts.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="install">False leaves it to somebody to start the installer.</param>
    /// <param name="installArgs">Arguments that come after those for the file.</param>
    public static IResourceBuilder<T> WithPip<T>(this IResourceBuilder<T> builder, bool install = true, string[]? installArgs = null)
        where T : PythonAppResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        string[] what = File.Exists(Path.Join(builder.Resource.WorkingDirectory, "pyproject.toml")) ? ["."] : ["-r", "requirements.txt"];
        return builder.WithPackages(new PythonPackages(UsesUv: false, ["install", .. what, .. installArgs ?? []]), install);
    }

    /// <summary>Lets uv make the virtual environment and install the packages before the application starts.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="install">False leaves it to somebody to start the installer.</param>
    /// <param name="args">uv's arguments; <c>sync</c> by default.</param>
    public static IResourceBuilder<T> WithUv<T>(this IResourceBuilder<T> builder, bool install = true, string[]? args = null)
        where T : PythonAppResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithPackages(new PythonPackages(UsesUv: true, args ?? ["sync"]), install);
    }

    private static IResourceBuilder<T> WithPackagesOfFolder<T>(this IResourceBuilder<T> builder)
        where T : PythonAppResource
    {
        if (!builder.ApplicationBuilder.ExecutionContext.IsRunMode)
        {
            return builder;
        }

        // What is said of the environment and the packages after this call counts too.
        builder.ApplicationBuilder.OnBeforeStart((_, _) =>
        {
            Prepare(builder);
            return Task.CompletedTask;
        });
        var folder = builder.Resource.WorkingDirectory;
        return new[] { "pyproject.toml", "requirements.txt" }.Any(file => File.Exists(Path.Join(folder, file))) ? builder.WithPip() : builder;
    }

    private static IResourceBuilder<T> WithPackages<T>(this IResourceBuilder<T> builder, PythonPackages packages, bool install)
        where T : PythonAppResource
    {
        builder.WithAnnotation(packages, ResourceAnnotationMutationBehavior.Replace);
        var application = builder.ApplicationBuilder;
        if (!application.ExecutionContext.IsRunMode)
        {
            return builder;
        }

        if (!application.TryCreateResourceBuilder<PythonInstallerResource>(PythonInstallerResource.NameFor(builder.Resource), out var installer))
        {
            installer = application.AddResource(new PythonInstallerResource(builder.Resource)).WithParentRelationship(builder.Resource).ExcludeFromManifest();
        }

        if (!install)
        {
            installer.WithExplicitStart();
        }

        return builder;
    }

    /// <summary>Puts what has to be done before the application starts into its order: the environment, the packages, the application.</summary>
    private static void Prepare<T>(IResourceBuilder<T> builder)
        where T : PythonAppResource
    {
        var (application, environment) = (builder.ApplicationBuilder, EnvironmentOf(builder));
        var packages = builder.Resource.Annotations.OfType<PythonPackages>().LastOrDefault();
        var creator = environment.CreateIfMissing && packages is not { UsesUv: true } && !Directory.Exists(environment.Path)
            ? AddCreator(builder, environment)
            : null;
        if (packages is not null
            && application.TryCreateResourceBuilder<PythonInstallerResource>(PythonInstallerResource.NameFor(builder.Resource), out var installer))
        {
            installer.WithCommand(packages.UsesUv ? "uv" : environment.Program("pip")).WithArgs([.. packages.Arguments]);
            if (packages.UsesUv)
            {
                Require(installer, builder.Resource, "uv is not installed (https://docs.astral.sh/uv/getting-started/installation/)");
            }

            if (!installer.Resource.HasAnnotationOfType<ExplicitStartupAnnotation>())
            {
                builder.WaitForCompletion(installer);
            }

            if (creator is not null)
            {
                installer.WaitForCompletion(creator);
            }
        }

        if (creator is not null)
        {
            builder.WaitForCompletion(creator);
        }
    }

    private static IResourceBuilder<PythonVenvCreatorResource> AddCreator<T>(IResourceBuilder<T> builder, VirtualEnvironment environment)
        where T : PythonAppResource
    {
        var creator = builder.ApplicationBuilder.AddResource(new PythonVenvCreatorResource(builder.Resource))
            .WithCommand(IsInPath("python3") ? "python3" : "python")
            .WithArgs("-m", "venv", environment.Path)
            .WithParentRelationship(builder.Resource)
            .ExcludeFromManifest();
        Require(creator, builder.Resource, "Python is not installed (Debian: python3 and python3-venv; https://www.python.org/downloads/)");
        return creator;
    }

    /// <summary>Says what to install where the program of a resource is missing; the engine would only say that it is.</summary>
    private static void Require<T>(IResourceBuilder<T> builder, PythonAppResource application, string complaint)
        where T : ExecutableResource
        => builder.OnBeforeResourceStarted((resource, _, _) => IsInPath(resource.Command)
            ? Task.CompletedTask
            : throw new DistributedApplicationException($"Resource '{application.Name}' cannot be prepared: {complaint}."));

    private static bool IsInPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator).Any(folder => File.Exists(Path.Join(folder, program)));
}
