using System.Text;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dcp;

/// <summary>Makes a DCP executable of a resource, as its annotations are at that moment.</summary>
internal sealed class ExecutableBuilder(DistributedApplicationExecutionContext executionContext, ProjectOutput projects)
{
    /// <summary>Runs the resource's callbacks, waits for the values they refer to, and describes the process.</summary>
    public async Task<DcpExecutable> BuildAsync(EngineInstance instance, ILogger logger, CancellationToken cancellationToken)
    {
        var (resource, endpoints) = (instance.Owner.Resource, instance.Owner.Endpoints);
        var templates = endpoints.Select(endpoint => endpoint.TargetPort).OfType<DcpTemplate>().ToList();
        var (path, workingDirectory, firstArguments) = await FindProgramAsync(resource, logger, cancellationToken);
        var environment = await EvaluateEnvironmentAsync(resource, templates, logger, cancellationToken);
        var (arguments, secrets) = await EvaluateArgumentsAsync(resource, templates, logger, cancellationToken);
        return new DcpExecutable
        {
            Metadata = new DcpMetadata
            {
                Name = instance.Id,
                Annotations = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["resource-name"] = resource.Name,
                    ["otel-service-name"] = resource.Name,
                    ["otel-service-instance-id"] = instance.Suffix,
                    [ApplicationArguments.AnnotationName] = secrets,
                    [DcpServiceProducer.AnnotationName] = JsonSerializer.Serialize<IReadOnlyList<DcpServiceProducer>>(
                        [.. endpoints.Select(endpoint => endpoint.ToProducer())], DcpJsonContext.Default.IReadOnlyListDcpServiceProducer),
                },
            },
            Spec = new DcpExecutableSpec
            {
                ExecutablePath = path,
                WorkingDirectory = workingDirectory,
                Args = [.. firstArguments.Select(argument => DcpTemplate.Escape(argument, [])), .. arguments],
                Env = environment,
                AmbientEnvironment = new DcpAmbientEnvironment("Inherit"),
            },
        };
    }

    private async Task<(string Path, string WorkingDirectory, IReadOnlyList<string> Arguments)> FindProgramAsync(
        IResource resource, ILogger logger, CancellationToken cancellationToken)
    {
        if (resource is not ExecutableResource executable)
        {
            var project = await projects.FindAsync((ProjectResource)resource, logger, cancellationToken);
            var profile = resource.Annotations.OfType<NamedLaunchProfile>().LastOrDefault()?.Profile;
            return project with { Arguments = [.. project.Arguments, .. CommandLine.Split(profile?.CommandLineArgs)] };
        }

        // DCP would say of a missing folder that the program is missing.
        if (!Directory.Exists(executable.WorkingDirectory))
        {
            throw new DistributedApplicationException($"The working directory '{executable.WorkingDirectory}' of resource '{resource.Name}' does not exist.");
        }

        return (executable.Command, executable.WorkingDirectory, []);
    }

    private async Task<IReadOnlyList<DcpEnvironmentVariable>> EvaluateEnvironmentAsync(
        IResource resource, IReadOnlyCollection<DcpTemplate> templates, ILogger logger, CancellationToken cancellationToken)
    {
        var variables = new List<DcpEnvironmentVariable>();
        foreach (var (name, value) in await resource.EvaluateEnvironmentAsync(executionContext, logger, cancellationToken))
        {
            // No operating system has such variables, and the engine would start the process without them.
            if (name.Length == 0 || name.Contains('=', StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal))
            {
                throw new DistributedApplicationException(
                    $"Resource '{resource.Name}' has an environment variable named '{name}'. A name must not be empty and must hold neither '=' nor a null character.");
            }

            if (await ResolveAsync(value, templates, cancellationToken) is { } text)
            {
                RefuseNull(text, $"The environment variable '{name}' of resource '{resource.Name}'");
                variables.Add(new DcpEnvironmentVariable(name, text));
            }
        }

        return variables;
    }

    private async Task<(IReadOnlyList<string> Arguments, string Secrets)> EvaluateArgumentsAsync(
        IResource resource, IReadOnlyCollection<DcpTemplate> templates, ILogger logger, CancellationToken cancellationToken)
    {
        var arguments = new List<string>();
        var secrets = new StringBuilder();
        foreach (var value in await resource.EvaluateArgumentsAsync(executionContext, logger, cancellationToken))
        {
            if (await ResolveAsync(value, templates, cancellationToken) is { } text)
            {
                RefuseNull(text, $"Argument {arguments.Count + 1} of resource '{resource.Name}'");
                arguments.Add(text);
                secrets.Append(ApplicationArguments.Mark(value));
            }
        }

        return (arguments, secrets.ToString());
    }

    private static void RefuseNull(string text, string what)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new DistributedApplicationException($"{what} holds a null character, which no process can be given.");
        }
    }

    private static async ValueTask<string?> ResolveAsync(object? value, IReadOnlyCollection<DcpTemplate> templates, CancellationToken cancellationToken)
    {
        if (value is DcpTemplate template)
        {
            return template.Text;
        }

        var text = value is IValueProvider provider ? await provider.GetValueAsync(cancellationToken) : value?.ToString();
        return text is null ? null : DcpTemplate.Escape(text, templates);
    }
}
