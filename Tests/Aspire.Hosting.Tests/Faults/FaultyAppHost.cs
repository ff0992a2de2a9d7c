using Aspire.Hosting.Interactions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

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
        ["lonely-sick"] = IsSick,
        ["failed-dependency"] = WaitsForTheFailed,
        ["daemon"] = LeavesADaemon,
        ["stubborn"] = IgnoresTheSignal,
        ["flood"] = Floods,
        ["endless-line"] = NeverEndsTheLine,
        ["fifty"] = Fifty,
        ["asking"] = Asks,
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

    private static void IsSick(IDistributedApplicationBuilder builder) =>
        builder.Shell("sick", "exec sleep 600").WithHttpEndpoint(env: "PORT").WithHttpHealthCheck("/");

    private static void WaitsForTheFailed(IDistributedApplicationBuilder builder)
    {
        var crashing = builder.Shell("crashing", "echo 'out of luck' >&2; exit 3").WithHttpEndpoint(env: "PORT").WithHttpHealthCheck("/");
        builder.Shell("patient", "exec sleep 600").WaitFor(crashing, WaitBehavior.WaitOnResourceUnavailable);
    }

    private static void LeavesADaemon(IDistributedApplicationBuilder builder) =>
        builder.Shell("parent", "setsid sh -c 'setsid sleep 601 & echo $!; exit' </dev/null; exec sleep 600");

    private static void IgnoresTheSignal(IDistributedApplicationBuilder builder) =>
        builder.Shell("stubborn", "trap '' TERM INT HUP; echo deaf; while :; do sleep 1; done");

    /// <summary>About 10 MB/s, and a clock whose log is to arrive on the terminal all the same.</summary>
    private static void Floods(IDistributedApplicationBuilder builder)
    {
        builder.Shell("flood", "while :; do head -c 1000000 /dev/zero | tr '\\0' x | fold -w 100; sleep 0.1; done");
        Ticks(builder);
    }

    private static void NeverEndsTheLine(IDistributedApplicationBuilder builder)
    {
        builder.Shell("endless", "while :; do head -c 10000000 /dev/zero | tr '\\0' x; sleep 0.1; done");
        Ticks(builder);
    }

    /// <summary>Needs a value that nobody gave. With the setting Answer, somebody enters that in the dashboard and has it saved.</summary>
    private static void Asks(IDistributedApplicationBuilder builder)
    {
        var user = builder.Shell("user", "echo \"got $KEY\"; exec sleep 600").WithEnvironment("KEY", builder.AddParameter("key", secret: true));
        builder.ShowLog(user.Resource);
        Ticks(builder);
        if (builder.Configuration["Answer"] is { } answer)
        {
            builder.AddFirst(services => new Answers(services.GetRequiredService<InteractionFeed>(), answer));
        }
    }

    private static void Ticks(IDistributedApplicationBuilder builder)
    {
        var clock = builder.Shell("clock", "i=0; while :; do i=$((i + 1)); echo \"tick $i \"; sleep 0.2; done");
        builder.ShowLog(clock.Resource);
    }

    private static void ShowLog(this IDistributedApplicationBuilder builder, IResource resource) =>
        builder.AddFirst(services => new LogOnTerminal(
            services.GetRequiredService<ResourceNotificationService>(), services.GetRequiredService<ResourceLoggerService>(), resource));

    /// <summary>Before the engine, whose start lasts as long as a resource waits for a value.</summary>
    private static void AddFirst(this IDistributedApplicationBuilder builder, Func<IServiceProvider, IHostedService> create) =>
        builder.Services.Insert(0, ServiceDescriptor.Singleton(create));

    private static void Fifty(IDistributedApplicationBuilder builder)
    {
        for (var i = 1; i <= 50; i++)
        {
            builder.Shell($"worker-{i}", "exec sleep 600").WithHttpEndpoint(env: "PORT");
        }
    }

    private sealed class LogOnTerminal(ResourceNotificationService notifications, ResourceLoggerService loggers, IResource resource) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await notifications.WaitForResourceAsync(resource.Name, KnownResourceStates.Running, stoppingToken);
            await foreach (var batch in loggers.WatchAsync(resource).WithCancellation(stoppingToken))
            {
                foreach (var line in batch)
                {
                    Console.WriteLine(line.Content);
                }
            }
        }
    }

    private sealed class Answers(InteractionFeed feed, string value) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await foreach (var question in feed.WatchAsync(stoppingToken))
            {
                InteractionAnswer answer = question.Inputs is { } inputs
                    ? new InteractionAnswer.Values([new("key", value), new(inputs[^1].Name, "true")], IsChange: false)
                    : new InteractionAnswer.Decision(true);
                await feed.CompleteAsync(question.Id, answer, stoppingToken);
            }
        }
    }
}
