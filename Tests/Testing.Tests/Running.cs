using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Trellis.Hosting.Testing.Tests;

/// <summary>Applications that tests describe and run themselves.</summary>
internal static class Running
{
    /// <summary>How long anything may take, on a machine that does other things too.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static CancellationToken Deadline => new CancellationTokenSource(Patience).Token;

    public static IDistributedApplicationTestingBuilder Builder(params string[] args)
    {
        var builder = DistributedApplicationTestingBuilder.Create(args);
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        return builder;
    }

    /// <summary>Runs a line of shell.</summary>
    public static IResourceBuilder<ExecutableResource> AddShell(this IDistributedApplicationBuilder builder, string name, string line) =>
        builder.AddExecutable(name, "/bin/sh", "/", "-c", line);

    public static async Task<DistributedApplication> StartAsync(this IDistributedApplicationTestingBuilder builder)
    {
        var application = await builder.BuildAsync(Deadline);
        await application.StartAsync(Deadline);
        return application;
    }

    /// <summary>The state of a resource at this moment.</summary>
    public static string? StateOf(this DistributedApplication application, string resource) =>
        application.ResourceNotifications.WaitForResourceAsync(resource, _ => true, Deadline).GetAwaiter().GetResult().Snapshot.State?.Text;
}
