using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Publishing;

/// <summary>Writes how a container's image is built: the property <c>build</c> of container.v1.</summary>
internal sealed class ManifestBuild(ManifestPublishingContext context, ContainerResource container, DockerfileBuildAnnotation build)
{
    public async Task WriteAsync()
    {
        var writer = context.Writer;
        writer.WriteStartObject("build");
        writer.WriteString("context", context.GetManifestRelativePath(build.ContextPath));
        writer.WriteString("dockerfile", context.GetManifestRelativePath(await DockerfileAsync().ConfigureAwait(false)));
        if (build.Stage is { } stage)
        {
            writer.WriteString("stage", stage);
        }

        if (!build.HasEntrypoint)
        {
            writer.WriteBoolean("buildOnly", true);
        }

        WriteArguments();
        WriteSecrets();
        writer.WriteEndObject();
    }

    /// <summary>The Dockerfile; one that a callback makes is put beside the manifest.</summary>
    private async Task<string> DockerfileAsync()
    {
        if (build.DockerfileFactory is null)
        {
            return build.DockerfilePath;
        }

        var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(context.ManifestPath))!, $"{container.Name}.Dockerfile");
        var factory = new DockerfileFactoryContext
        {
            Services = context.ExecutionContext.Services,
            Resource = container,
            CancellationToken = context.CancellationToken,
        };
        await build.MaterializeDockerfileAsync(factory, context.CancellationToken).ConfigureAwait(false);
        File.Copy(build.DockerfilePath, path, overwrite: true);
        build.DeleteMaterialized();
        return path;
    }

    private void WriteArguments()
    {
        if (build.BuildArguments.Count == 0)
        {
            return;
        }

        context.Writer.WriteStartObject("args");
        foreach (var (name, value) in build.BuildArguments)
        {
            context.Writer.WriteString(name, TextOf(value));
        }

        context.Writer.WriteEndObject();
    }

    private void WriteSecrets()
    {
        if (build.BuildSecrets.Count == 0)
        {
            return;
        }

        var writer = context.Writer;
        writer.WriteStartObject("secrets");
        foreach (var (name, value) in build.BuildSecrets)
        {
            writer.WriteStartObject(name);
            if (value is FileInfo file)
            {
                writer.WriteString("type", "file");
                writer.WriteString("source", context.GetManifestRelativePath(file.FullName));
            }
            else
            {
                writer.WriteString("type", "env");
                writer.WriteString("value", TextOf(value));
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private string? TextOf(object? value) => value is bool flag ? flag ? "true" : "false" : context.ValueOf(value);
}
