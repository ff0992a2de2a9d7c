using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

/// <summary>The endpoints that a project's own settings tell its web server to open.</summary>
internal sealed class KestrelEndpoints
{
    private readonly string? _defaultProtocols;

    private KestrelEndpoints(IReadOnlyList<Endpoint> endpoints, string? defaultProtocols)
    {
        All = endpoints;
        _defaultProtocols = defaultProtocols;
    }

    public IReadOnlyList<Endpoint> All { get; }

    /// <summary>Reads <c>appsettings.json</c>, that of the AppHost's environment, and the files that .NET 10 names after the application.</summary>
    /// <exception cref="DistributedApplicationException">One of them cannot be read, or holds an address that is none.</exception>
    public static KestrelEndpoints Read(string projectPath, bool exclude)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(projectPath))!;
        var name = Path.GetFileName(folder);
        var environment = Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") ?? Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT");
        var builder = new ConfigurationBuilder();
        foreach (var file in new[] { "appsettings.json", $"appsettings.{environment}.json", $"{name}.settings.json", $"{name}.settings.{environment}.json" })
        {
            builder.AddJsonFile(Path.Combine(folder, file), optional: true);
        }

        IConfiguration settings;
        try
        {
            settings = builder.Build();
        }
        catch (InvalidDataException exception)
        {
            throw new DistributedApplicationException($"The settings of project '{projectPath}' cannot be read: {exception.Message}", exception);
        }

        var endpoints = exclude ? [] : settings.GetSection("Kestrel:Endpoints").GetChildren().Where(endpoint => endpoint["Url"] is not null);
        return new(
            [
                .. endpoints
                    .Select(endpoint => new Endpoint(endpoint.Key, Parse(endpoint["Url"]!, $"Kestrel:Endpoints:{endpoint.Key}:Url", projectPath), endpoint["Protocols"]))
                    .Where(endpoint => endpoint.Address is { IsUnixPipe: false, IsNamedPipe: false }),
            ],
            settings["Kestrel:EndpointDefaults:Protocols"]);
    }

    /// <summary>An address as ASP.NET Core reads it: <c>*</c>, <c>+</c> and names of hosts too.</summary>
    public static BindingAddress Parse(string url, string setting, string projectPath)
    {
        try
        {
            return BindingAddress.Parse(url);
        }
        catch (FormatException exception)
        {
            throw new DistributedApplicationException($"'{url}' ({setting} of project '{projectPath}') is no address to listen on.", exception);
        }
    }

    /// <summary>Follows what the settings say about HTTP/2: of the endpoint, else of all.</summary>
    public void SetTransport(EndpointAnnotation endpoint, string? protocols = null)
    {
        if ((protocols ?? _defaultProtocols) == "Http2")
        {
            endpoint.Transport = "http2";
        }
    }

    /// <summary>One endpoint of the settings.</summary>
    public sealed record Endpoint(string Key, BindingAddress Address, string? Protocols);
}
