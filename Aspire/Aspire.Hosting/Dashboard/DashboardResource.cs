using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Dashboard;

/// <summary>Describes the dashboard's process as a resource of the model, so that the engine starts, watches and ends it as any other.</summary>
internal static class DashboardResource
{
    /// <summary>The resource's name, which Aspire's tools know.</summary>
    public const string Name = "aspire-dashboard";

    /// <summary>Makes the resource.</summary>
    /// <param name="path">Where <c>aspire-managed</c> is.</param>
    /// <param name="options">What the dashboard listens on and demands.</param>
    /// <param name="resourceService">Where the AppHost serves the resources.</param>
    /// <param name="configuration">The AppHost's configuration, of which the dashboard gets its own part (ASPIRE_DASHBOARD_*).</param>
    public static ExecutableResource Create(string path, DashboardOptions options, Uri resourceService, IConfiguration configuration)
    {
        var resource = new ExecutableResource(Name, path, Path.GetDirectoryName(path)!);
        resource.Annotations.Add(ManifestPublishingCallbackAnnotation.Ignore);
        resource.Annotations.Add(new CommandLineArgsCallbackAnnotation(args => args.Add("dashboard")));
        resource.Annotations.Add(new EnvironmentCallbackAnnotation(context =>
        {
            foreach (var (name, value) in Environment(options, resourceService, configuration))
            {
                context.EnvironmentVariables[name] = value;
            }
        }));
        resource.Annotations.Add(new ResourceSnapshotAnnotation(new CustomResourceSnapshot
        {
            ResourceType = KnownResourceTypes.Executable,
            Properties = [],
            IsHidden = !configuration.GetValue("ASPIRE_SHOW_DASHBOARD_RESOURCES", defaultValue: false),
        }));
        return resource;
    }

    private static Dictionary<string, string> Environment(DashboardOptions options, Uri resourceService, IConfiguration configuration)
    {
        var environment = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in configuration.AsEnumerable())
        {
            if (name.StartsWith("ASPIRE_DASHBOARD_", StringComparison.OrdinalIgnoreCase) && value is not null)
            {
                environment[name] = value;
            }
        }

        // The AppHost's own environment, usually Development, would make the dashboard look for its pages in a source tree.
        environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        environment["ASPNETCORE_URLS"] = string.Join(';', options.FrontendUrls);
        environment["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = options.OtlpGrpcUrl;
        environment["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = options.OtlpHttpUrl;
        environment["ASPIRE_DASHBOARD_API_ENABLED"] = "true";
        environment["DASHBOARD__FRONTEND__PUBLICURL"] = options.FrontendUrl;

        environment["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = resourceService.GetLeftPart(UriPartial.Authority);
        environment["DASHBOARD__RESOURCESERVICECLIENT__AUTHMODE"] = "ApiKey";
        environment["DASHBOARD__RESOURCESERVICECLIENT__APIKEY"] = options.ResourceServiceApiKey;

        Demand("FRONTEND", "BrowserToken", "BROWSERTOKEN", options.BrowserToken);
        Demand("OTLP", "ApiKey", "PRIMARYAPIKEY", options.OtlpApiKey);
        Demand("API", "ApiKey", "PRIMARYAPIKEY", options.TelemetryApiKey);
        return environment;

        void Demand(string part, string mode, string setting, string? secret)
        {
            environment[$"DASHBOARD__{part}__AUTHMODE"] = secret is null ? "Unsecured" : mode;
            if (secret is not null)
            {
                environment[$"DASHBOARD__{part}__{setting}"] = secret;
            }
        }
    }
}
