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
        services.AddSingleton<ContainerBuilder>();
        services.AddSingleton<ContainerRuntime>();
        services.AddSingleton<ContainerNetworking>();
        services.AddSingleton<ResourceLogPump>();
        services.AddSingleton<ResourceAnnouncements>();
        services.AddSingleton<IResourceEngine, DcpResourceEngine>();
        return services;
    }

    private static void Configure(DcpOptions options, IConfiguration configuration, DistributedApplicationOptions application)
    {
        options.CliPath = DcpLocation.Find(configuration[DcpLocation.SettingName] ?? configuration["DcpPublisher:CliPath"], application.Assembly);
        options.ContainerRuntime = configuration["DcpPublisher:ContainerRuntime"]
            ?? configuration["ASPIRE_CONTAINER_RUNTIME"]
            ?? configuration["DOTNET_ASPIRE_CONTAINER_RUNTIME"];
        options.EnableContainerTunnel = configuration.GetValue("ASPIRE_ENABLE_CONTAINER_TUNNEL", defaultValue: true);
        if ((configuration["DcpPublisher:DependencyCheckTimeout"] ?? configuration["ASPIRE_DEPENDENCY_CHECK_TIMEOUT"]) is { Length: > 0 } seconds)
        {
            options.DependencyCheckTimeout = int.TryParse(seconds, out var number) && number > 0
                ? TimeSpan.FromSeconds(number)
                : throw new DistributedApplicationException($"The setting DcpPublisher:DependencyCheckTimeout must be a number of seconds, not '{seconds}'.");
        }

        options.RandomizePorts = configuration.GetValue("DcpPublisher:RandomizePorts", defaultValue: false);
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is null)
        {
            options.Environment["DOTNET_ROOT"] = ProjectOutput.DotnetRoot;
        }
    }
}
