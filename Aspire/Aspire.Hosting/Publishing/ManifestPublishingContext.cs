using System.Globalization;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Publishing;

/// <summary>Writes resources to the manifest (schema aspire-8.0.json).</summary>
/// <param name="executionContext">Publishing.</param>
/// <param name="manifestPath">The file; paths inside it are relative to its folder.</param>
/// <param name="writer">Where it is written to.</param>
/// <param name="cancellationToken">Ends the writing.</param>
public sealed class ManifestPublishingContext(
    DistributedApplicationExecutionContext executionContext,
    string manifestPath,
    Utf8JsonWriter writer,
    CancellationToken cancellationToken = default)
{
    /// <summary>Where Microsoft's package starts to number the ports that nobody named.</summary>
    private const int FirstTargetPort = 8000;

    private readonly Dictionary<string, IResource> _referenced = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedDictionary<string, (ParameterResource Parameter, string Format)> _formatted = new(StringComparer.Ordinal);
    private readonly HashSet<string> _written = new(StringComparer.OrdinalIgnoreCase);
    private int _nextTargetPort = FirstTargetPort;

    /// <summary>Publishing.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; } = executionContext;

    /// <summary>The file.</summary>
    public string ManifestPath { get; } = manifestPath;

    /// <summary>Where it is written to.</summary>
    public Utf8JsonWriter Writer { get; } = writer;

    /// <summary>Ends the writing.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>A path as the manifest holds it: relative to its folder, with slashes.</summary>
    public string? GetManifestRelativePath(string? path)
    {
        if (path is null)
        {
            return null;
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(ManifestPath))!;
        return Path.GetRelativePath(folder, path).Replace('\\', '/');
    }

    /// <summary>Makes sure that what a value refers to is in the manifest.</summary>
    public void TryAddDependentResources(object? value)
    {
        if (value is IResource resource)
        {
            _referenced.TryAdd(resource.Name, resource);
            return;
        }

        foreach (var reference in References.Of(value))
        {
            if (reference is IResource referenced)
            {
                _referenced.TryAdd(referenced.Name, referenced);
            }
        }
    }

    /// <summary>Writes the property <c>connectionString</c> of resources that have one.</summary>
    public void WriteConnectionString(IResource resource)
    {
        if (resource is IResourceWithConnectionString { ConnectionStringExpression: { } expression })
        {
            TryAddDependentResources(expression);
            Writer.WriteString("connectionString", ExpressionOf(expression));
        }
    }

    /// <summary>Writes the property <c>bindings</c>.</summary>
    public void WriteBindings(IResource resource)
    {
        if (!resource.TryGetEndpoints(out var endpoints))
        {
            return;
        }

        Writer.WriteStartObject("bindings");
        foreach (var endpoint in endpoints)
        {
            Writer.WriteStartObject(endpoint.Name);
            Writer.WriteString("scheme", endpoint.UriScheme);
            Writer.WriteString("protocol", endpoint.Protocol.ToString().ToLowerInvariant());
            Writer.WriteString("transport", endpoint.Transport);
            WritePorts(resource, endpoint);
            if (endpoint.IsExternal)
            {
                Writer.WriteBoolean("external", true);
            }

            Writer.WriteEndObject();
        }

        Writer.WriteEndObject();
    }

    /// <summary>Writes the property <c>env</c>.</summary>
    public async Task WriteEnvironmentVariablesAsync(IResource resource)
    {
        var variables = await resource.EvaluateEnvironmentAsync(ExecutionContext, cancellationToken: CancellationToken).ConfigureAwait(false);
        if (variables.Count == 0)
        {
            return;
        }

        Writer.WriteStartObject("env");
        foreach (var (name, value) in variables)
        {
            Writer.WriteString(name, ValueOf(value));
        }

        Writer.WriteEndObject();
    }

    /// <summary>Writes the property <c>args</c>.</summary>
    public async Task WriteCommandLineArgumentsAsync(IResource resource)
    {
        var args = await resource.EvaluateArgumentsAsync(ExecutionContext, cancellationToken: CancellationToken).ConfigureAwait(false);
        if (args.Count == 0)
        {
            return;
        }

        Writer.WriteStartArray("args");
        foreach (var arg in args)
        {
            Writer.WriteStringValue(ValueOf(arg));
        }

        Writer.WriteEndArray();
    }

    /// <summary>Writes a container: from an image, or with the build of its image.</summary>
    /// <exception cref="DistributedApplicationException">It has neither.</exception>
    public async Task WriteContainerAsync(ContainerResource container)
    {
        ArgumentNullException.ThrowIfNull(container);
        var build = container.Annotations.OfType<DockerfileBuildAnnotation>().LastOrDefault();
        Writer.WriteString("type", build is null ? "container.v0" : "container.v1");
        WriteConnectionString(container);
        if (build is not null)
        {
            await new ManifestBuild(this, container, build).WriteAsync().ConfigureAwait(false);
        }
        else
        {
            Writer.WriteString("image", container.TryGetContainerImageName(out var image)
                ? image
                : throw new DistributedApplicationException($"Could not get the container image name for resource '{container.Name}'."));
        }

        if (container.Entrypoint is not null)
        {
            Writer.WriteString("entrypoint", container.Entrypoint);
        }

        await WriteCommandLineArgumentsAsync(container).ConfigureAwait(false);
        WriteMounts(container);
        await WriteEnvironmentVariablesAsync(container).ConfigureAwait(false);
        WriteBindings(container);
    }

    internal async Task WriteModelAsync(DistributedApplicationModel model)
    {
        Writer.WriteStartObject();
        Writer.WriteStartObject("resources");
        foreach (var resource in model.Resources)
        {
            await WriteResourceAsync(resource).ConfigureAwait(false);
        }

        // What was only referred to, such as generated passwords; writing it may bring up more.
        while (_referenced.Values.FirstOrDefault(r => !_written.Contains(r.Name)) is { } referenced)
        {
            await WriteResourceAsync(referenced).ConfigureAwait(false);
        }

        WriteFormatted(_ => true);
        Writer.WriteEndObject();
        Writer.WriteEndObject();
        await Writer.FlushAsync(CancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes the percent-encoded forms of parameters that are asked for and not written yet.</summary>
    private void WriteFormatted(Func<ParameterResource, bool> filter)
    {
        foreach (var (name, (parameter, format)) in _formatted.Where(f => filter(f.Value.Parameter) && _written.Add(f.Key)))
        {
            Writer.WriteStartObject(name);
            Writer.WriteString("type", "annotated.string");
            Writer.WriteString("value", $"{{{parameter.Name}.value}}");
            Writer.WriteString("filter", format);
            Writer.WriteEndObject();
        }
    }

    private async Task WriteResourceAsync(IResource resource)
    {
        _written.Add(resource.Name);
        if (resource.TryGetLastAnnotation<ManifestPublishingCallbackAnnotation>(out var own))
        {
            if (own.Callback is not null)
            {
                Writer.WriteStartObject(resource.Name);
                await own.Callback(this).ConfigureAwait(false);
                Writer.WriteEndObject();
            }

            return;
        }

        Writer.WriteStartObject(resource.Name);
        switch (resource)
        {
            case ContainerResource container:
                await WriteContainerAsync(container).ConfigureAwait(false);
                break;
            case ProjectResource project:
                Writer.WriteString("type", "project.v0");
                Writer.WriteString("path", GetManifestRelativePath(project.GetProjectMetadata().ProjectPath));
                await WriteCommandLineArgumentsAsync(project).ConfigureAwait(false);
                await WriteEnvironmentVariablesAsync(project).ConfigureAwait(false);
                WriteBindings(project);
                break;
            case ExecutableResource executable:
                Writer.WriteString("type", "executable.v0");
                WriteConnectionString(executable);
                Writer.WriteString("workingDirectory", GetManifestRelativePath(executable.WorkingDirectory));
                Writer.WriteString("command", executable.Command);
                await WriteCommandLineArgumentsAsync(executable).ConfigureAwait(false);
                await WriteEnvironmentVariablesAsync(executable).ConfigureAwait(false);
                WriteBindings(executable);
                break;
            case ParameterResource parameter:
                WriteParameter(parameter);
                break;
            case IResourceWithConnectionString:
                Writer.WriteString("type", "value.v0");
                WriteConnectionString(resource);
                break;
            default:
                Writer.WriteString("error", "This resource does not support generation in the manifest.");
                break;
        }

        Writer.WriteEndObject();
        WriteFormatted(parameter => ReferenceEquals(parameter, resource));
    }

    internal void WriteParameter(ParameterResource parameter)
    {
        Writer.WriteString("type", "parameter.v0");
        if (parameter.IsConnectionString)
        {
            Writer.WriteString("connectionString", parameter.ValueExpression);
        }

        Writer.WriteString("value", $"{{{parameter.Name}.inputs.value}}");
        Writer.WriteStartObject("inputs");
        Writer.WriteStartObject("value");
        Writer.WriteString("type", "string");
        if (parameter.Secret)
        {
            Writer.WriteBoolean("secret", true);
        }

        if (parameter.Default is not null)
        {
            Writer.WriteStartObject("default");
            parameter.Default.WriteToManifest(this);
            Writer.WriteEndObject();
        }

        Writer.WriteEndObject();
        Writer.WriteEndObject();
    }

    private void WritePorts(IResource resource, EndpointAnnotation endpoint)
    {
        var target = endpoint.TargetPort ?? resource switch
        {
            ProjectResource => TargetPortOf(resource, endpoint),
            ContainerResource when endpoint.Port is { } port => port,
            _ => _nextTargetPort++,
        };
        if (endpoint.Port is { } exposed && exposed != target && !endpoint.FromLaunchProfile)
        {
            Writer.WriteNumber("port", exposed);
        }

        if (target is { } number)
        {
            Writer.WriteNumber("targetPort", number);
        }
    }

    /// <summary>A project's image listens on its default port for the first endpoint of http and https; all further ones need a number.</summary>
    private int? TargetPortOf(IResource project, EndpointAnnotation endpoint)
    {
        var first = project.Annotations.OfType<EndpointAnnotation>().First(e => e.UriScheme == endpoint.UriScheme);
        return endpoint.UriScheme is "http" or "https" && first == endpoint ? null : _nextTargetPort++;
    }

    private void WriteMounts(ContainerResource container)
    {
        if (!container.TryGetContainerMounts(out var mounts))
        {
            return;
        }

        WriteMounts("bindMounts", "source", mounts.Where(m => m.Type == ContainerMountType.BindMount), source => GetManifestRelativePath(source));
        WriteMounts("volumes", "name", mounts.Where(m => m.Type == ContainerMountType.Volume), name => name);
    }

    private void WriteMounts(string property, string sourceProperty, IEnumerable<ContainerMountAnnotation> mounts, Func<string?, string?> source)
    {
        var all = mounts.ToArray();
        if (all.Length == 0)
        {
            return;
        }

        Writer.WriteStartArray(property);
        foreach (var mount in all)
        {
            Writer.WriteStartObject();
            if (source(mount.Source) is { } value)
            {
                Writer.WriteString(sourceProperty, value);
            }

            Writer.WriteString("target", mount.Target.Replace('\\', '/'));
            Writer.WriteBoolean("readOnly", mount.IsReadOnly);
            Writer.WriteEndObject();
        }

        Writer.WriteEndArray();
    }

    /// <summary>A value as the manifest holds it; what it refers to gets into the manifest.</summary>
    internal string? ValueOf(object? value)
    {
        TryAddDependentResources(value);
        return value switch
        {
            ReferenceExpression expression => ExpressionOf(expression),
            IManifestExpressionProvider provider => provider.ValueExpression,
            _ => value?.ToString(),
        };
    }

    /// <summary>The expression, with percent-encoded parameters as resources of their own (type annotated.string).</summary>
    private string ExpressionOf(ReferenceExpression expression)
    {
        var parts = new object?[expression.ManifestExpressions.Count];
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = (expression.StringFormats[i], expression.ValueProviders[i]) switch
            {
                ({ Length: > 0 } format, ParameterResource parameter) => $"{{{NameOf(parameter, format)}.value}}",
                (_, ReferenceExpression nested) => ExpressionOf(nested),
                _ => expression.ManifestExpressions[i],
            };
        }

        return string.Format(CultureInfo.InvariantCulture, expression.Format, parts);
    }

    private string NameOf(ParameterResource parameter, string format)
    {
        var name = $"{parameter.Name}-{format}-encoded";
        _formatted[name] = (parameter, format);
        _referenced.TryAdd(parameter.Name, parameter);
        return name;
    }
}
