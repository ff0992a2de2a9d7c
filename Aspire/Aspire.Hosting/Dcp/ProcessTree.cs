using System.Diagnostics;
using System.Globalization;

namespace Aspire.Hosting.Dcp;

/// <summary>What <c>/proc</c> tells about processes that are not our children, and their end (see proc(5)).</summary>
internal static class ProcessTree
{
    /// <summary>The arguments of a process, separated by spaces; empty when it is gone or is a zombie.</summary>
    public static string CommandLine(int id) => Read($"/proc/{id}/cmdline").Replace('\0', ' ');

    /// <summary>True while the process runs; a zombie, whose parent has not asked for its exit code, does not.</summary>
    public static bool IsRunning(int id) => Stat(id) is { State: not 'Z' };

    /// <summary>The process and all that descend from it, as far as their parents live; the process first.</summary>
    public static IReadOnlyList<int> Descendants(int id)
    {
        var children = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var child) ? child : 0)
            .Where(child => child > 0)
            .Select(child => (Id: child, Stat(child)?.Parent))
            .ToLookup(child => child.Parent, child => child.Id);
        var found = new List<int> { id };
        for (var next = 0; next < found.Count; next++)
        {
            found.AddRange(children[found[next]]);
        }

        return found;
    }

    /// <summary>The processes whose environment, as it was at their start, holds a variable with a value; those of other users are not seen.</summary>
    public static IReadOnlyList<int> WithVariable(string name, string value) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0)
            .Where(id => id > 0 && Read($"/proc/{id}/environ").Split('\0').Contains($"{name}={value}", StringComparer.Ordinal)),
    ];

    /// <summary>Kills a process (SIGKILL); one that is gone is fine.</summary>
    private static void Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // It ended in between.
        }
    }

    /// <summary>Kills those that still run.</summary>
    public static void Kill(IReadOnlyList<int> ids)
    {
        foreach (var id in ids.Where(IsRunning))
        {
            Kill(id);
        }
    }

    private static (char State, int Parent)? Stat(int id)
    {
        var stat = Read($"/proc/{id}/stat");
        // The second field is the program's name in parentheses and may itself hold spaces and parentheses.
        var end = stat.LastIndexOf(") ", StringComparison.Ordinal);
        if (end < 0)
        {
            return null;
        }

        var fields = stat[(end + 2)..].Split(' ');
        return (fields[0][0], int.Parse(fields[1], CultureInfo.InvariantCulture));
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }
}
