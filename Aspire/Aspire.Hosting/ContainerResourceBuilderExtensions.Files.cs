using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <content>Volumes, mounted folders and copied files.</content>
public static partial class ContainerResourceBuilderExtensions
{
    /// <summary>Mounts a volume.</summary>
    /// <param name="builder">The container.</param>
    /// <param name="name">The volume's name; null for an anonymous one.</param>
    /// <param name="target">The folder inside the container.</param>
    /// <param name="isReadOnly">Whether the container may only read it.</param>
    public static IResourceBuilder<T> WithVolume<T>(this IResourceBuilder<T> builder, string? name, string target, bool isReadOnly = false)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(target);
        return builder.WithAnnotation(new ContainerMountAnnotation(name, target, ContainerMountType.Volume, isReadOnly));
    }

    /// <summary>Mounts an anonymous volume, which ends with the container.</summary>
    /// <param name="builder">The container.</param>
    /// <param name="target">The folder inside the container.</param>
    public static IResourceBuilder<T> WithVolume<T>(this IResourceBuilder<T> builder, string target)
        where T : ContainerResource => builder.WithVolume(null, target);

    /// <summary>Mounts a file or folder of the host.</summary>
    /// <param name="builder">The container.</param>
    /// <param name="source">The host's file or folder, relative to the AppHost's.</param>
    /// <param name="target">Where it is inside the container.</param>
    /// <param name="isReadOnly">Whether the container may only read it.</param>
    public static IResourceBuilder<T> WithBindMount<T>(this IResourceBuilder<T> builder, string source, string target, bool isReadOnly = false)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        var path = Path.IsPathRooted(source) ? source : Path.GetFullPath(source, builder.ApplicationBuilder.AppHostDirectory);
        return builder.WithAnnotation(new ContainerMountAnnotation(path, target, ContainerMountType.BindMount, isReadOnly));
    }

    /// <summary>Puts files into the container before it starts. They are no part of the manifest.</summary>
    /// <param name="builder">The container.</param>
    /// <param name="destinationPath">The folder inside the container.</param>
    /// <param name="entries">What to put there.</param>
    /// <param name="defaultOwner">The id of the user that owns what names no owner; root where null.</param>
    /// <param name="defaultGroup">The id of the group that owns what names no group; root where null.</param>
    /// <param name="umask">The permissions that are taken away from what names none; 022 where null.</param>
    public static IResourceBuilder<T> WithContainerFiles<T>(
        this IResourceBuilder<T> builder,
        string destinationPath,
        IEnumerable<ContainerFileSystemItem> entries,
        int? defaultOwner = null,
        int? defaultGroup = null,
        UnixFileMode? umask = null)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(entries);
        return builder.WithContainerFiles(destinationPath, (_, _) => Task.FromResult(entries), defaultOwner, defaultGroup, umask);
    }

    /// <summary>Puts files into the container before it starts. They are no part of the manifest.</summary>
    /// <param name="builder">The container.</param>
    /// <param name="destinationPath">The folder inside the container.</param>
    /// <param name="callback">Says what to put there; called each time the container is created.</param>
    /// <param name="defaultOwner">The id of the user that owns what names no owner; root where null.</param>
    /// <param name="defaultGroup">The id of the group that owns what names no group; root where null.</param>
    /// <param name="umask">The permissions that are taken away from what names none; 022 where null.</param>
    public static IResourceBuilder<T> WithContainerFiles<T>(
        this IResourceBuilder<T> builder,
        string destinationPath,
        Func<ContainerFileSystemCallbackContext, CancellationToken, Task<IEnumerable<ContainerFileSystemItem>>> callback,
        int? defaultOwner = null,
        int? defaultGroup = null,
        UnixFileMode? umask = null)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(destinationPath);
        ArgumentNullException.ThrowIfNull(callback);
        return builder.WithAnnotation(new ContainerFileSystemCallbackAnnotation
        {
            DestinationPath = destinationPath,
            Callback = callback,
            DefaultOwner = defaultOwner,
            DefaultGroup = defaultGroup,
            Umask = umask,
        });
    }

    /// <summary>Puts files of this machine into the container: copies before it starts, a read-only mount in the manifest.</summary>
    /// <param name="builder">The container.</param>
    /// <param name="destinationPath">The folder inside the container.</param>
    /// <param name="sourcePath">A file, or a folder whose content is taken, relative to the AppHost's.</param>
    /// <param name="defaultOwner">The id of the user that owns the copies; root where null.</param>
    /// <param name="defaultGroup">The id of the group that owns the copies; root where null.</param>
    /// <param name="umask">The permissions that are taken away from the copies; 022 where null.</param>
    /// <exception cref="InvalidOperationException">There is nothing at the path.</exception>
    public static IResourceBuilder<T> WithContainerFiles<T>(
        this IResourceBuilder<T> builder,
        string destinationPath,
        string sourcePath,
        int? defaultOwner = null,
        int? defaultGroup = null,
        UnixFileMode? umask = null)
        where T : ContainerResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(destinationPath);
        ArgumentNullException.ThrowIfNull(sourcePath);
        var source = Path.GetFullPath(sourcePath, builder.ApplicationBuilder.AppHostDirectory);
        if (!Path.Exists(source))
        {
            throw new InvalidOperationException($"There is nothing at '{source}', which resource '{builder.Resource.Name}' is to get into its container.");
        }

        return builder.ApplicationBuilder.ExecutionContext.IsPublishMode
            ? builder.WithBindMount(source, destinationPath, isReadOnly: true)
            : builder.WithContainerFiles(
                destinationPath,
                (_, _) => Task.FromResult(ContainerDirectory.GetFileSystemItemsFromPath(source, searchOptions: SearchOption.AllDirectories)),
                defaultOwner,
                defaultGroup,
                umask);
    }
}
