using System.Diagnostics;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The image of a container is built from a Dockerfile.</summary>
/// <param name="contextPath">The folder that the build sees, a full path.</param>
/// <param name="dockerfilePath">The Dockerfile, a full path.</param>
/// <param name="stage">The stage to build; null for the last one.</param>
[DebuggerDisplay("Type = {GetType().Name,nq}, ContextPath = {ContextPath}, DockerfilePath = {DockerfilePath}")]
public class DockerfileBuildAnnotation(string contextPath, string dockerfilePath, string? stage) : IResourceAnnotation
{
    private readonly Lock _gate = new();
    private Task? _written;

    /// <summary>The folder that the build sees, a full path.</summary>
    public string ContextPath { get; } = contextPath;

    /// <summary>The Dockerfile, a full path.</summary>
    public string DockerfilePath { get; } = dockerfilePath;

    /// <summary>The stage to build; null for the last one.</summary>
    public string? Stage { get; } = stage;

    /// <summary>Values for the Dockerfile's <c>ARG</c> lines; null takes the value from the environment of the build.</summary>
    public Dictionary<string, object?> BuildArguments { get; } = [];

    /// <summary>Secrets that the build may mount, by their ids: parameters, or files (<see cref="FileInfo"/>).</summary>
    public Dictionary<string, object> BuildSecrets { get; } = [];

    /// <summary>Writes the Dockerfile's text; null where the file exists.</summary>
    public Func<DockerfileFactoryContext, Task<string>>? DockerfileFactory { get; init; }

    /// <summary>The name of the image that is built; null where the container's image has it.</summary>
    public string? ImageName { get; set; }

    /// <summary>The tag of the image that is built; null where the container's image has it.</summary>
    public string? ImageTag { get; set; }

    /// <summary>Whether the image can run; false for one that only holds files for others.</summary>
    public bool HasEntrypoint { get; set; } = true;

    /// <summary>Writes the Dockerfile to <see cref="DockerfilePath"/> if a callback makes it, and only once.</summary>
    /// <param name="context">What the callback may use.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public Task MaterializeDockerfileAsync(DockerfileFactoryContext context, CancellationToken cancellationToken)
    {
        if (DockerfileFactory is not { } factory)
        {
            return Task.CompletedTask;
        }

        lock (_gate)
        {
            // One that failed is tried again.
            return _written is { IsFaulted: false, IsCanceled: false } ? _written : _written = WriteAsync(factory, context, cancellationToken);
        }
    }

    /// <summary>Deletes the Dockerfile that a callback made, with the folder that it is alone in.</summary>
    internal void DeleteMaterialized()
    {
        lock (_gate)
        {
            if (_written is not null && Path.GetDirectoryName(DockerfilePath) is { } folder && Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            _written = null;
        }
    }

    private async Task WriteAsync(
        Func<DockerfileFactoryContext, Task<string>> factory, DockerfileFactoryContext context, CancellationToken cancellationToken)
    {
        var text = await factory(context).ConfigureAwait(false);
        Directory.CreateDirectory(Path.GetDirectoryName(DockerfilePath)!);
        await File.WriteAllTextAsync(DockerfilePath, text, cancellationToken).ConfigureAwait(false);
    }
}
