using System.Diagnostics;
using Trellis.Tests;

namespace Trellis.Benchmarks.Orders;

/// <summary>Time that processors have spent on a running shop.</summary>
internal static class Cpu
{
    private static readonly (string Part, string Name)[] Servers =
        [("aspire-managed", "dashboard"), ("/dcp", "engine"), ("Trellis.AppHost", "AppHost"), ("postgres", "postgres"), ("beam.smp", "rabbitmq"), ("redis-server", "redis")];

    /// <summary>What is there to look at the shop, and no part of it.</summary>
    private static readonly string[] NotOfTheShop = ["dashboard", "engine", "AppHost"];

    /// <summary>That of every program, all its processes together; of what has ended meanwhile it is missing.</summary>
    public static Dictionary<string, TimeSpan> Of(AppHostProcess run)
    {
        Dictionary<string, TimeSpan> times = new(StringComparer.Ordinal);
        foreach (var pid in run.Survivors().Union(run.Family()))
        {
            if (ProcessTable.CommandLine(pid) is { Length: > 0 } line)
            {
                var name = NameOf(line);
                times[name] = times.GetValueOrDefault(name) + TimeOf(pid);
            }
        }

        return times;
    }

    /// <summary>Whether a program is a part of the shop.</summary>
    public static bool IsOfTheShop(string name) => !NotOfTheShop.Contains(name, StringComparer.Ordinal);

    // A service is started as its own program, or by its assembly's path; a server of PostgreSQL names itself anew for each connection.
    private static string NameOf(string line)
    {
        if (line.Split(' ', '/').FirstOrDefault(word => word.StartsWith("Shop.", StringComparison.Ordinal) || word.StartsWith("Trellis.Gateway", StringComparison.Ordinal)) is { } service)
        {
            return service.Replace(".dll", string.Empty, StringComparison.Ordinal);
        }

        return Servers.FirstOrDefault(server => line.Contains(server.Part, StringComparison.Ordinal)).Name ?? "others";
    }

    private static TimeSpan TimeOf(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return process.TotalProcessorTime;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return TimeSpan.Zero;
        }
    }
}
