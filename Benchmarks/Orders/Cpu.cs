using System.Diagnostics;
using Trellis.Tests;

namespace Trellis.Benchmarks.Orders;

/// <summary>Time that processors have spent on a running shop.</summary>
internal static class Cpu
{
    private static readonly string[] NotOfTheShop = ["/dcp", "aspire-managed", "Trellis.AppHost"];

    /// <summary>That of services and servers; what has ended meanwhile is missing.</summary>
    public static TimeSpan Of(AppHostProcess run)
    {
        var all = TimeSpan.Zero;
        foreach (var pid in run.Survivors().Union(run.Family()))
        {
            var line = ProcessTable.CommandLine(pid);
            if (line.Length > 0 && !Array.Exists(NotOfTheShop, part => line.Contains(part, StringComparison.Ordinal)))
            {
                all += TimeOf(pid);
            }
        }

        return all;
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
