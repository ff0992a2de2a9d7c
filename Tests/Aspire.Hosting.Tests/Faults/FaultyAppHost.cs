using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Tests.Faults;

/// <summary>This assembly as an AppHost that faults are done to. The setting Scenario says which model it runs.</summary>
internal static class FaultyAppHost
{
    /// <summary>What it writes when it has come to the phase in which it is to stay.</summary>
    public const string Reached = "reached: ";

    private static readonly Dictionary<string, Action<IDistributedApplicationBuilder>> Scenarios = new(StringComparer.Ordinal)
    {
        ["workers"] = Workers,
        ["phase"] = StaysInPhase,
        ["crash"] = Crashes,
        ["refused"] = IsRefused,
        ["sick"] = WaitsForTheSick,
        ["failed-dependency"] = WaitsForTheFailed,
        ["daemon"] = LeavesADaemon,
        ["stubborn"] = IgnoresTheSignal,
        ["flood"] = Floods,
        ["fifty"] = Fifty,
    };

    /// <summary>Runs the scenario that the command line names; false when it names none.</summary>
    public static bool Run(string[] args)
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            Args = args,
            AssemblyName = typeof(FaultyAppHost).Assembly.GetName().Name,
            DisableDashboard = !args.Contains("--Dashboard=true"),
            AllowUnsecuredTransport = true,
        });
        if (builder.Configuration["Scenario"] is not { } scenario)
        {
            return false;
        }

        Scenarios[scenario](builder);
        builder.Build().Run();
        return true;
    }

    private static IResourceBuilder<ExecutableResource> Shell(this IDistributedApplicationBuilder builder, string name, string script) =>
        builder.AddExecutable(name, "/bin/sh", Path.GetTempPath(), "-c", script);

    private static void Workers(IDistributedApplicationBuilder builder)
    {
        builder.Shell("first", "sleep 600 & exec sleep 600").WithHttpEndpoint(env: "PORT", port: builder.Configuration.GetValue<int?>("First:Port"));
        builder.Shell("second", "echo hello; exec sleep 600");
    }

    /// <summary>Stays for ever where the setting Phase says; with Deaf=true it does not even listen to the token that tells it to give up.</summary>
    private static void StaysInPhase(IDistributedApplicationBuilder builder)
    {
        var phase = builder.Configuration["Phase"];
        var isDeaf = builder.Configuration.GetValue("Deaf", defaultValue: false);
        var first = builder.Shell("first", "exec sleep 600")
            .WithHttpEndpoint(env: "PORT")
            .WithEnvironment(context => StayAsync("environment", context.CancellationToken))
            .OnInitializeResource((_, _, token) => StayAsync("initialize", token))
            .OnResourceEndpointsAllocated((_, _, token) => StayAsync("allocated", token))
            .OnBeforeResourceStarted((_, _, token) => StayAsync("before-resource", token))
            .OnResourceReady((_, _, token) => StayAsync("ready", token));
        builder.Shell("second", "exec sleep 600").WaitFor(first);
        builder.OnBeforeStart((_, token) => StayAsync("before-start", token));
        builder.Eventing.Subscribe<AfterResourcesCreatedEvent>((_, token) => StayAsync("created", token));

        async Task StayAsync(string here, CancellationToken token)
        {
            if (here == phase)
            {
                Console.WriteLine(Reached + here);
                await Task.Delay(Timeout.Infinite, isDeaf ? CancellationToken.None : token);
            }
        }
    }

    private static void Crashes(IDistributedApplicationBuilder builder)
    {
        builder.Shell("crashing", "echo starting; echo 'no such table: orders' >&2; exit 3");
        builder.Shell("healthy", "exec sleep 600");
    }

    private static void IsRefused(IDistributedApplicationBuilder builder)
    {
        builder.AddExecutable("lost", "/bin/true", "/nowhere/at/all");
        builder.AddExecutable("missing", "/nowhere/program", Path.GetTempPath());
    }

    private static void WaitsForTheSick(IDistributedApplicationBuilder builder)
    {
        var sick = builder.Shell("sick", "exec sleep 600").WithHttpEndpoint(env: "PORT").WithHttpHealthCheck("/");
        builder.Shell("patient", "exec sleep 600").WaitFor(sick);
    }

    private static void WaitsForTheFailed(IDistributedApplicationBuilder builder)
    {
        var crashing = builder.Shell("crashing", "echo 'out of luck' >&2; exit 3").WithHttpEndpoint(env: "PORT").WithHttpHealthCheck("/");
        builder.Shell("patient", "exec sleep 600").WaitFor(crashing, WaitBehavior.WaitOnResourceUnavailable);
    }

    private static void LeavesADaemon(IDistributedApplicationBuilder builder) =>
        builder.Shell("parent", "setsid sh -c 'setsid sleep 601 & echo $!; exit' </dev/null; exec sleep 600");

    private static void IgnoresTheSignal(IDistributedApplicationBuilder builder) =>
        builder.Shell("stubborn", "trap '' TERM INT HUP; echo deaf; while :; do sleep 1; done");

    private static void Floods(IDistributedApplicationBuilder builder)
    {
        builder.Shell("flood", "exec yes 0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789");
        builder.Shell("clock", "while :; do date; sleep 0.2; done");
    }

    private static void Fifty(IDistributedApplicationBuilder builder)
    {
        for (var i = 1; i <= 50; i++)
        {
            builder.Shell($"worker-{i}", "exec sleep 600").WithHttpEndpoint(env: "PORT");
        }
    }
}
