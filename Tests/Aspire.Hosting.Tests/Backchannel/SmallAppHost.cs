using Aspire.Hosting.Tests.Faults;

namespace Aspire.Hosting.Tests.Backchannel;

/// <summary>This assembly as an AppHost: a process that talks and runs, one that never gets healthy and one that ends.</summary>
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
        builder.AddExecutable("done", "/bin/sh", "/tmp", "-c", "echo over");
        builder.Build().Run();
    }
}
