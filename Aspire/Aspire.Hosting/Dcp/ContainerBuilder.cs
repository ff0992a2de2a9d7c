using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dcp;

/// <summary>Makes a DCP container of a resource, as its annotations are at that moment.</summary>
internal sealed class ContainerBuilder(DistributedApplicationExecutionContext executionContext, ContainerNetworking networking)
{
    /// <summary>Runs the resource's callbacks, waits for the values they refer to, and describes the container.</summary>
    /// <param name="instance">The container.</param>
    /// <param name="client">DCP.</param>
    /// <param name="served">All endpoints that DCP serves.</param>
    /// <param name="logger">The resource's log.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="DistributedApplicationException">The description cannot work; the message says why.</exception>
    public async Task<DcpContainer> BuildAsync(
        EngineInstance instance, DcpClient client, IReadOnlyCollection<ServedEndpoint> served, ILogger logger, CancellationToken cancellationToken)
    {
        var (resource, endpoints) = (instance.Owner.Resource, instance.Owner.Endpoints);
        var environment = await resource.EvaluateEnvironmentAsync(executionContext, logger, cancellationToken);
        var arguments = await resource.EvaluateArgumentsAsync(executionContext, logger, cancellationToken);
        var runArguments = await EvaluateRunArgumentsAsync(resource, cancellationToken);
        await networking.ReachHostAsync(client, EndpointsIn([.. environment.Values, .. arguments, .. runArguments]), served, cancellationToken);

        var variables = await ResolveAsync(resource, environment, cancellationToken);
        var application = await ResolveAsync(
            resource, arguments.Select(value => KeyValuePair.Create(ApplicationArguments.Mark(value).ToString(), value)), cancellationToken);
        var untemplated = variables.Where(variable => IsToStay(variable, environment)).ToList();
        return new DcpContainer
        {
            Metadata = new DcpMetadata { Name = instance.Id, Annotations = AnnotationsOf(instance, secrets: string.Concat(application.Select(pair => pair.Key))) },
            Spec = new DcpContainerSpec
            {
                Image = resource.TryGetContainerImageName(out var image) ? image : throw new DistributedApplicationException($"Resource '{resource.Name}' has no image."),
                Build = await BuildContextAsync(resource, cancellationToken),
                ContainerName = resource.TryGetLastAnnotation<ContainerNameAnnotation>(out var name) ? name.Name : instance.Id,
                Command = (resource as ContainerResource)?.Entrypoint,
                Args = [.. application.Select(pair => RefuseTemplate(resource, pair.Value))],
                Env = [.. variables.Except(untemplated).Select(variable => new DcpEnvironmentVariable(variable.Key, variable.Value))],
                RunArgs =
                [
                    .. (await ResolveAsync(resource, runArguments, cancellationToken)).Select(pair => pair.Value),
                    .. untemplated.SelectMany(variable => (string[])["--env", $"{variable.Key}={variable.Value}"]),
                ],
                Ports = [.. endpoints.Select(endpoint => PortOf(endpoint.Endpoint))],
                VolumeMounts = [.. resource.Annotations.OfType<ContainerMountAnnotation>().Select(MountOf)],
                CreateFiles = await FilesOfAsync(resource, cancellationToken),
                PullPolicy = PullPolicyOf(resource),
                Persistent = resource.IsPersistent() ? true : null,
                Networks = [ContainerNetworking.ConnectionOf(resource)],
            },
        };
    }

    private static Dictionary<string, string> AnnotationsOf(EngineInstance instance, string secrets) => new(StringComparer.Ordinal)
    {
        [ApplicationArguments.AnnotationName] = secrets,
        ["resource-name"] = instance.Owner.Resource.Name,
        ["otel-service-name"] = instance.Owner.Resource.Name,
        ["otel-service-instance-id"] = instance.Suffix,
        [DcpServiceProducer.AnnotationName] = JsonSerializer.Serialize<IReadOnlyList<DcpServiceProducer>>(
            [.. instance.Owner.Endpoints.Select(endpoint => new DcpServiceProducer(endpoint.ServiceName, Port: endpoint.Endpoint.TargetPort))],
            DcpJsonContext.Default.IReadOnlyListDcpServiceProducer),
    };

    // DCP completes a container's templates once or twice, so that no escape is right each time. It passes options on as they are.
    private static bool IsToStay(KeyValuePair<string, string> variable, IReadOnlyDictionary<string, object> values) =>
        HoldsTemplate(variable.Value) && values[variable.Key] is not DcpTemplate;

    private static string RefuseTemplate(IResource resource, string argument) => HoldsTemplate(argument)
        ? throw new DistributedApplicationException(
            $"An argument of the container '{resource.Name}' holds '{{{{', which the Aspire engine would take for a template. Hand it over as an environment variable.")
        : argument;

    private static bool HoldsTemplate(string text) => text.Contains("{{", StringComparison.Ordinal);

    private static IEnumerable<EndpointReference> EndpointsIn(IEnumerable<object> values) =>
        values.SelectMany(value => References.Of(value).Append(value)).OfType<EndpointReference>().Where(reference => reference.Exists);

    private static DcpContainerPort PortOf(EndpointAnnotation endpoint) => new(
        endpoint.TargetPort!.Value,
        endpoint.IsProxied ? null : endpoint.Port,
        endpoint.Protocol.ToString().ToUpperInvariant(),
        endpoint.TargetHost switch
        {
            "localhost" => null,
            "*" or "+" or "::" => "0.0.0.0",
            var address => address,
        });

    private static DcpVolumeMount MountOf(ContainerMountAnnotation mount) =>
        new(mount.Type == ContainerMountType.BindMount ? "bind" : "volume", mount.Source ?? string.Empty, mount.Target, mount.IsReadOnly);

    private static string? PullPolicyOf(IResource resource) =>
        resource.TryGetLastAnnotation<ContainerImagePullPolicyAnnotation>(out var annotation) && annotation.ImagePullPolicy != ImagePullPolicy.Default
            ? annotation.ImagePullPolicy.ToString().ToLowerInvariant()
            : null;

    private static async Task<List<object>> EvaluateRunArgumentsAsync(IResource resource, CancellationToken cancellationToken)
    {
        var context = new ContainerRuntimeArgsCallbackContext([], cancellationToken);
        foreach (var annotation in resource.Annotations.OfType<ContainerRuntimeArgsCallbackAnnotation>().ToList())
        {
            await annotation.Callback(context);
        }

        return [.. context.Args];
    }

    private static DcpFileEntry EntryOf(ContainerFileSystemItem item) => new(
        item switch
        {
            ContainerDirectory => "directory",
            ContainerOpenSSLCertificateFile => "openssl",
            _ => "file",
        },
        item.Name)
    {
        Owner = item.Owner,
        Group = item.Group,
        Mode = item.Mode == UnixFileMode.None ? null : (int)item.Mode,
        Source = (item as ContainerFileBase)?.SourcePath,
        Contents = (item as ContainerFileBase)?.Contents,
        ContinueOnError = (item as ContainerFileBase)?.ContinueOnError,
        Entries = item is ContainerDirectory folder ? [.. folder.Entries.Select(EntryOf)] : null,
    };

    private async Task<IReadOnlyList<DcpCreateFiles>?> FilesOfAsync(IResource resource, CancellationToken cancellationToken)
    {
        var files = new List<DcpCreateFiles>();
        foreach (var annotation in resource.Annotations.OfType<ContainerFileSystemCallbackAnnotation>().ToList())
        {
            var context = new ContainerFileSystemCallbackContext { Model = resource, Services = executionContext.Services };
            var entries = (await annotation.Callback(context, cancellationToken)).Select(EntryOf).ToList();
            if (entries.Count > 0)
            {
                files.Add(new DcpCreateFiles(annotation.DestinationPath, annotation.DefaultOwner, annotation.DefaultGroup, (int?)annotation.Umask, entries));
            }
        }

        return files.Count == 0 ? null : files;
    }

    private async Task<DcpBuildContext?> BuildContextAsync(IResource resource, CancellationToken cancellationToken)
    {
        if (!resource.TryGetLastAnnotation<DockerfileBuildAnnotation>(out var build))
        {
            return null;
        }

        var factory = new DockerfileFactoryContext { Services = executionContext.Services, Resource = resource, CancellationToken = cancellationToken };
        await build.MaterializeDockerfileAsync(factory, cancellationToken);
        foreach (var path in new[] { build.ContextPath, build.DockerfilePath }.Where(path => !Path.Exists(path)))
        {
            throw new DistributedApplicationException($"The image of resource '{resource.Name}' cannot be built: there is nothing at '{path}'.");
        }

        var arguments = new List<DcpBuildArgument>();
        foreach (var (name, value) in build.BuildArguments)
        {
            arguments.Add(new DcpBuildArgument(name, value is bool flag ? flag ? "true" : "false" : await TextOfAsync(resource, value, cancellationToken)));
        }

        var secrets = new List<DcpBuildSecret>();
        foreach (var (id, value) in build.BuildSecrets)
        {
            secrets.Add(value is FileInfo file
                ? new DcpBuildSecret(id, "file", Source: file.FullName)
                : new DcpBuildSecret(id, "env", Value: await TextOfAsync(resource, value, cancellationToken)));
        }

        return new DcpBuildContext(build.ContextPath, build.DockerfilePath, build.Stage, arguments, secrets);
    }

    private Task<List<KeyValuePair<string, string>>> ResolveAsync(IResource resource, IEnumerable<object> values, CancellationToken cancellationToken) =>
        ResolveAsync(resource, values.Select(value => KeyValuePair.Create(string.Empty, value)), cancellationToken);

    private async Task<List<KeyValuePair<string, string>>> ResolveAsync(
        IResource resource, IEnumerable<KeyValuePair<string, object>> values, CancellationToken cancellationToken)
    {
        var resolved = new List<KeyValuePair<string, string>>();
        foreach (var (name, value) in values)
        {
            if (value is DcpTemplate template)
            {
                resolved.Add(KeyValuePair.Create(name, template.Text));
            }
            else if (await TextOfAsync(resource, value, cancellationToken) is { } text)
            {
                resolved.Add(KeyValuePair.Create(name, text));
            }
        }

        return resolved;
    }

    private async ValueTask<string?> TextOfAsync(IResource resource, object? value, CancellationToken cancellationToken) => value switch
    {
        IValueProvider provider => await provider.GetValueAsync(
            new ValueProviderContext
            {
                ExecutionContext = executionContext,
                Caller = resource,
                Network = KnownNetworkIdentifiers.DefaultAspireContainerNetwork,
            },
            cancellationToken),
        _ => value?.ToString(),
    };
}
