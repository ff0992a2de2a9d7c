using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.Pipelines;

internal sealed class PipelineOutput(IOptions<PipelineOptions> options, IConfiguration configuration) : IPipelineOutputService, IDisposable
{
    private readonly Lazy<string> _temporary = new(() => Directory.CreateTempSubdirectory("aspire-pipelines").FullName);

    public string GetOutputDirectory() => Path.GetFullPath(options.Value.OutputPath ?? Path.Combine(configuration["AppHost:Directory"]!, "aspire-output"));

    public string GetOutputDirectory(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return Path.Combine(GetOutputDirectory(), resource.Name);
    }

    public string GetTempDirectory() => _temporary.Value;

    public string GetTempDirectory(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return Path.Combine(GetTempDirectory(), resource.Name);
    }

    public void Dispose()
    {
        if (_temporary.IsValueCreated)
        {
            Directory.Delete(_temporary.Value, recursive: true);
        }
    }
}
