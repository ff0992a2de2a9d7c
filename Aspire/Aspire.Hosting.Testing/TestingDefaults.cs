using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>What is different when an AppHost runs in a test.</summary>
internal static class TestingDefaults
{
    private const string ProfileSetting = "DOTNET_LAUNCH_PROFILE";

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
        settings.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(LaunchSettingsOf(options.ProjectDirectory, settings))
        {
            // Several tests, and the developer's own run, live side by side.
            ["DcpPublisher:RandomizePorts"] = "true",
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
        });
    }

    /// <summary>What tests need beside what the AppHost has.</summary>
    public static void AddServices(IServiceCollection services) => services.AddHttpClient();

    /// <summary>The variables of the AppHost's launch profile, which <c>dotnet run</c> would set: the one that is asked for, else the first.</summary>
    private static Dictionary<string, string?> LaunchSettingsOf(string? directory, HostApplicationBuilderSettings settings)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        if (LaunchProfiles.Read(directory ?? ".")?.Profiles is not { Count: > 0 } profiles)
        {
            return values;
        }

        var name = new ConfigurationBuilder().AddConfiguration(settings.Configuration!).AddCommandLine(settings.Args ?? []).Build()[ProfileSetting];
        var profile = string.IsNullOrEmpty(name) ? profiles.Values.First() : profiles.GetValueOrDefault(name)
            ?? throw new InvalidOperationException($"The launch profile '{name}', which {ProfileSetting} names, is not in the launch settings of the AppHost.");
        values[ProfileSetting] = string.IsNullOrEmpty(name) ? profiles.Keys.First() : name;
        foreach (var (variable, value) in profile.EnvironmentVariables)
        {
            values[variable] = value;
            if (variable.StartsWith("DOTNET_", StringComparison.OrdinalIgnoreCase))
            {
                values[variable["DOTNET_".Length..]] = value;
            }
        }

        return values;
    }
}
