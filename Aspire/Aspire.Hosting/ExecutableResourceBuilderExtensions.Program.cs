using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <content>Changes what is run.</content>
public static partial class ExecutableResourceBuilderExtensions
{
    /// <summary>Runs another program.</summary>
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

    /// <summary>Runs the program in another folder.</summary>
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
}
