using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Http;

namespace Aspire.Hosting;

/// <summary>The endpoints that a project brings along, and how its web server is told where to listen.</summary>
internal sealed class ProjectEndpoints
{
    private readonly IResourceBuilder<ProjectResource> _project;
    private readonly KestrelEndpoints _kestrel;
    private readonly LaunchProfile? _profile;
    private readonly string _projectPath;
    private readonly HashSet<EndpointAnnotation> _fromKestrel = new(ReferenceEqualityComparer.Instance);

    // The place of deployment ends TLS before the container: nothing in it listens here.
    private EndpointAnnotation? _publishedHttps;

    private ProjectEndpoints(IResourceBuilder<ProjectResource> project, LaunchProfile? profile, ProjectResourceOptions options)
    {
        _project = project;
        _profile = profile;
        _projectPath = project.Resource.GetProjectMetadata().ProjectPath;
        _kestrel = KestrelEndpoints.Read(_projectPath, options.ExcludeKestrelEndpoints);
    }

    private bool Runs => _project.ApplicationBuilder.ExecutionContext.IsRunMode;

    /// <summary>Adds the endpoints of the project's own settings, or else those of the launch profile, and the variables that hold them.</summary>
    public static void AddTo(IResourceBuilder<ProjectResource> project, LaunchProfile? profile, ProjectResourceOptions options)
    {
        var endpoints = new ProjectEndpoints(project, profile, options);
        endpoints.AddKestrelEndpoints();
        if (endpoints._kestrel.All.Count > 0)
        {
            project.WithEnvironment(endpoints.SetKestrelUrls);
        }
        else if (endpoints.Runs)
        {
            project.WithEnvironment(endpoints.SetUrls);
            endpoints.AddProfileEndpoints();
        }
        else
        {
            project.WithEnvironment(endpoints.SetPorts);
        }

        if (!endpoints.Runs && (profile?.ApplicationUrl is not null || endpoints._kestrel.All.Count > 0))
        {
            endpoints.AddPublishedEndpoints();
        }
    }

    private void AddKestrelEndpoints()
    {
        foreach (var scheme in _kestrel.All.GroupBy(endpoint => endpoint.Address.Scheme))
        {
            foreach (var (key, address, protocols) in scheme)
            {
                _project.WithEndpoint(scheme.Count() == 1 ? scheme.Key : key, endpoint =>
                {
                    if (Runs)
                    {
                        endpoint.Port = PortOf(address);
                    }
                    else
                    {
                        endpoint.TargetPort = PortOf(address);
                    }

                    endpoint.UriScheme = address.Scheme;
                    endpoint.TargetHost = HostOf(address);
                    _kestrel.SetTransport(endpoint, protocols);
                    _fromKestrel.Add(endpoint);
                });
            }
        }
    }

    private void AddProfileEndpoints()
    {
        var count = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var url in _profile?.ApplicationUrl?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [])
        {
            var address = KestrelEndpoints.Parse(url, "applicationUrl in the launch profile", _projectPath);
            var number = count[address.Scheme] = count.GetValueOrDefault(address.Scheme) + 1;
            _project.WithEndpoint(number == 1 ? address.Scheme : $"{address.Scheme}{number}", endpoint =>
            {
                endpoint.Port = PortOf(address);
                endpoint.TargetHost = HostOf(address);
                endpoint.UriScheme = address.Scheme;
                endpoint.FromLaunchProfile = true;
                _kestrel.SetTransport(endpoint);
            });
        }

        if (Uri.TryCreate(_profile?.LaunchUrl, UriKind.RelativeOrAbsolute, out var launchUrl))
        {
            _project.WithUrls(context => ShowLaunchUrl(context, launchUrl));
        }
    }

    private static void ShowLaunchUrl(ResourceUrlsCallbackContext context, Uri launchUrl)
    {
        foreach (var url in context.Urls.Where(url => url.Endpoint is { EndpointAnnotation.FromLaunchProfile: true }))
        {
            url.Url = new Uri(new Uri(url.Url), launchUrl).ToString();
        }
    }

    private void AddPublishedEndpoints()
    {
        var http = PublishedEndpoint("http");
        var https = PublishedEndpoint("https");
        http.TargetPort = https.TargetPort = http.TargetPort ?? https.TargetPort;
    }

    private EndpointAnnotation PublishedEndpoint(string scheme)
    {
        if (_project.Resource.Annotations.OfType<EndpointAnnotation>().FirstOrDefault(endpoint => endpoint.UriScheme == scheme) is { } existing)
        {
            return existing;
        }

        var added = new EndpointAnnotation(System.Net.Sockets.ProtocolType.Tcp, uriScheme: scheme, name: scheme);
        _kestrel.SetTransport(added);
        _publishedHttps = scheme == "https" ? added : _publishedHttps;
        _project.WithAnnotation(added);
        return added;
    }

    private void SetUrls(EnvironmentCallbackContext context)
    {
        if (context.EnvironmentVariables.ContainsKey("ASPNETCORE_URLS"))
        {
            return;
        }

        var endpoints = Listening().ToList();
        if (endpoints.Find(endpoint => endpoint.IsHttps) is { } https)
        {
            // Else the middleware that redirects to HTTPS would send clients past the proxy.
            context.EnvironmentVariables["ASPNETCORE_HTTPS_PORT"] = https.Property(EndpointProperty.Port);
        }

        var urls = Join(endpoints, (url, endpoint) =>
        {
            url.AppendLiteral($"{endpoint.Scheme}://{endpoint.EndpointAnnotation.TargetHost}:");
            url.AppendFormatted(endpoint.Property(EndpointProperty.TargetPort));
        });
        if (!urls.IsEmpty)
        {
            context.EnvironmentVariables["ASPNETCORE_URLS"] = urls.Build();
        }
    }

    /// <summary>Settings of endpoints win over all others, so all endpoints have to be among them.</summary>
    private void SetKestrelUrls(EnvironmentCallbackContext context)
    {
        foreach (var endpoint in Listening())
        {
            // In a container, localhost would be reached by nobody.
            var host = Runs && _fromKestrel.Contains(endpoint.EndpointAnnotation) ? endpoint.EndpointAnnotation.TargetHost : "*";
            context.EnvironmentVariables[$"Kestrel__Endpoints__{endpoint.EndpointName}__Url"] =
                ReferenceExpression.Create($"{endpoint.Scheme}://{host}:{endpoint.Property(EndpointProperty.TargetPort)}");
        }
    }

    private void SetPorts(EnvironmentCallbackContext context)
    {
        foreach (var scheme in new[] { "http", "https" })
        {
            var ports = Join(Listening().Where(endpoint => endpoint.Scheme == scheme), (port, endpoint) => port.AppendFormatted(endpoint.Property(EndpointProperty.TargetPort)));
            if (!ports.IsEmpty)
            {
                context.EnvironmentVariables.TryAdd($"{scheme.ToUpperInvariant()}_PORTS", ports.Build());
            }
        }
    }

    /// <summary>The endpoints that the web server opens: not those whose port a variable of their own holds.</summary>
    private IEnumerable<EndpointReference> Listening()
        => _project.Resource.GetEndpoints().Where(endpoint =>
            (endpoint.IsHttp || endpoint.IsHttps)
            && endpoint.EndpointAnnotation.TargetPortEnvironmentVariable is null
            && endpoint.EndpointAnnotation != _publishedHttps
            && _project.Resource.Annotations.OfType<EndpointEnvironmentFilterAnnotation>().All(annotation => annotation.Filter(endpoint.EndpointAnnotation)));

    private static ReferenceExpressionBuilder Join(IEnumerable<EndpointReference> endpoints, Action<ReferenceExpressionBuilder, EndpointReference> append)
    {
        var joined = new ReferenceExpressionBuilder();
        foreach (var endpoint in endpoints)
        {
            if (!joined.IsEmpty)
            {
                joined.AppendLiteral(";");
            }

            append(joined, endpoint);
        }

        return joined;
    }

    private static int? PortOf(BindingAddress address) => address.Port > 0 ? address.Port : null;

    private static string HostOf(BindingAddress address) => address.Host.ToLowerInvariant() is "localhost" ? "localhost" : address.Host;
}
