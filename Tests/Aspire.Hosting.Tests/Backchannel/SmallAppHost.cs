using Aspire.Hosting.Pipelines;
using Aspire.Hosting.Tests.Faults;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Tests.Backchannel;

/// <summary>This assembly as an AppHost: some steps of publishing, a process that talks and runs, one that never gets healthy and one that ends.</summary>
internal static class SmallAppHost
{
    /// <summary>The value of the secret parameter, which no command may print.</summary>
    public const string Secret = "not-for-the-terminal";

    public static void Main(string[] args)
    {
        if (FaultyAppHost.Run(args))
        {
            return;
        }

        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            Args = args,
            AssemblyName = typeof(SmallAppHost).Assembly.GetName().Name,
            DisableDashboard = true,
        });
        var password = builder.AddParameter("password", Secret, secret: true);
        builder.AddExecutable("talker", "/bin/sh", "/tmp", "-c", "echo first line; echo second line >&2; exec sleep 600")
            .WithEnvironment("PASSWORD", password);
        builder.AddExecutable("sick", "/bin/sh", "/tmp", "-c", "exec sleep 600").WithHttpEndpoint(name: "http").WithHttpHealthCheck("/");
        builder.AddExecutable("done", "/bin/sh", "/tmp", "-c", "echo over")
            .WithCommand("count", "Count", _ => Task.FromResult(CommandResults.Success("Counted.", "forty-two", CommandResultFormat.Text)));
        AddSteps(builder);
        builder.Build().Run();
    }

    private static void AddSteps(IDistributedApplicationBuilder builder)
    {
        builder.Pipeline.AddStep("greet", async context =>
        {
            var task = await context.ReportingStep.CreateTaskAsync("Looking for somebody", context.CancellationToken);
            await task.SucceedAsync("Found", context.CancellationToken);
            context.Logger.LogInformation("Hello from a step");
            context.Summary.Add("Greeted", "1");
        });
        builder.Pipeline.AddStep("break", _ => throw new InvalidOperationException("The step is broken"), dependsOn: "greet");
        builder.Pipeline.AddStep("after-break", _ => Task.CompletedTask, dependsOn: "break");
        builder.Pipeline.AddStep("wait", context => Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken));
    }
}
