using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Aspire.Hosting.Dcp;

internal static class DcpServiceCollectionExtensions
{
    /// <summary>Adds the engine that runs a model with DCP.</summary>
    public static IServiceCollection AddDcpEngine(this IServiceCollection services)
    {
        services.AddOptions<DcpOptions>().Configure<IConfiguration, DistributedApplicationOptions>(Configure);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new ProjectOutput(provider.GetRequiredService<DistributedApplicationOptions>().Assembly));
        services.AddSingleton<ExecutableBuilder>();
        services.AddSingleton<ResourceLogPump>();
        services.AddSingleton<ResourceAnnouncements>();
        services.AddSingleton<IResourceEngine, DcpResourceEngine>();
        return services;
    }

    private static void Configure(DcpOptions options, IConfiguration configuration, DistributedApplicationOptions application)
    {
        options.CliPath = DcpLocation.Find(configuration[DcpLocation.SettingName] ?? configuration["DcpPublisher:CliPath"], application.Assembly);
        options.RandomizePorts = configuration.GetValue("DcpPublisher:RandomizePorts", defaultValue: false);
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is null)
        {
            options.Environment["DOTNET_ROOT"] = ProjectOutput.DotnetRoot;
        }
    }
}
