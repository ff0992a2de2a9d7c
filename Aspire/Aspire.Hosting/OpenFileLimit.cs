using System.Globalization;

namespace Aspire.Hosting;

/// <summary>How many files this process may have open (RLIMIT_NOFILE, see getrlimit(2)).</summary>
internal static class OpenFileLimit
{
    /// <summary>With fewer, the runtime cannot load the AppHost's assemblies, and fails in ways that name everything but the reason.</summary>
    private const long Least = 256;

    /// <summary>What is wrong with the limit; null when nothing is.</summary>
    public static string? Obstacle()
    {
        const string LimitsFile = "/proc/self/limits";
        if (!File.Exists(LimitsFile))
        {
            return null;
        }

        // "Max open files   1024   524288   files": the soft limit comes first.
        var fields = File.ReadLines(LimitsFile).FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal))
            ?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields is [_, _, _, var soft, ..] && long.TryParse(soft, CultureInfo.InvariantCulture, out var limit) && limit < Least
            ? $"The AppHost may open only {limit} files at a time; it needs at least {Least}. Raise the limit, for example with: ulimit -n 4096"
            : null;
    }
}
