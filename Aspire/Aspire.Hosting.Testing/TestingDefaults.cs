using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>What is different when an AppHost runs in a test.</summary>
internal static class TestingDefaults
{
    public static void Apply(DistributedApplicationOptions options, HostApplicationBuilderSettings settings, string[] args, Assembly appHost)
    {
        settings.Args = [.. settings.Args ?? [], .. args];
        settings.ApplicationName = options.AssemblyName = appHost.GetName().Name;
        options.Args = settings.Args;
        options.DisableDashboard = true;
        options.EnableResourceLogging = true;
        if (options.ProjectDirectory is { } directory && Directory.Exists(directory))
        {
            settings.ContentRootPath = directory;
        }

        settings.Configuration ??= new ConfigurationManager();
        settings.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(LaunchSettingsOf(options.ProjectDirectory))
        {
            // Several tests, and the developer's own run, live side by side.
            ["DcpPublisher:RandomizePorts"] = "true",
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
        });
    }

    /// <summary>What tests need beside what the AppHost has.</summary>
    public static void AddServices(IServiceCollection services) => services.AddHttpClient();

    /// <summary>The variables of the AppHost's first launch profile, which <c>dotnet run</c> would set.</summary>
    private static Dictionary<string, string?> LaunchSettingsOf(string? directory)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var file = Path.Combine(directory ?? ".", "Properties", "launchSettings.json");
        if (!File.Exists(file))
        {
            return values;
        }

        using var stream = File.OpenRead(file);
        var profile = JsonSerializer.Deserialize<LaunchSettings>(stream)?.Profiles.FirstOrDefault();
        values["DOTNET_LAUNCH_PROFILE"] = profile?.Key;
        foreach (var (name, value) in profile?.Value.EnvironmentVariables ?? [])
        {
            values[name] = value;
            if (name.StartsWith("DOTNET_", StringComparison.OrdinalIgnoreCase))
            {
                values[name["DOTNET_".Length..]] = value;
            }
        }

        return values;
    }
}
