using System.Globalization;

namespace Trellis.Tests;

/// <summary>The processes of this machine at one moment (proc(5)); those that have ended and wait for their parent do not count.</summary>
internal sealed class ProcessTable
{
    private readonly Dictionary<int, int> _parents = [];

    public static ProcessTable Read()
    {
        var table = new ProcessTable();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && ParentOf(folder) is { } parent)
            {
                table._parents[pid] = parent;
            }
        }

        return table;
    }

    public bool Runs(int pid) => _parents.ContainsKey(pid);

    public IEnumerable<int> Descendants(int ancestor)
    {
        foreach (var child in _parents.Where(p => p.Value == ancestor).Select(p => p.Key))
        {
            yield return child;
            foreach (var descendant in Descendants(child))
            {
                yield return descendant;
            }
        }
    }

    /// <summary>The processes whose environment, as it was at their start, holds a variable with a value.</summary>
    public IEnumerable<int> WithVariable(string name, string value)
    {
        var entry = $"{name}={value}";
        return _parents.Keys.Where(pid => Content(pid, "environ").Split('\0').Contains(entry, StringComparer.Ordinal));
    }

    /// <summary>The command line, with blanks between its parts; empty once the process has ended.</summary>
    public static string CommandLine(int pid) => Content(pid, "cmdline").Replace('\0', ' ');

    /// <summary>The proportional set size in bytes: memory of its own plus its share of what it has in common with others.</summary>
    public static long ProportionalMemory(int pid)
    {
        var line = File.ReadLines($"/proc/{pid}/smaps_rollup").First(l => l.StartsWith("Pss:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    private static string Content(int pid, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/{file}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }

    private static int? ParentOf(string folder)
    {
        try
        {
            // "pid (name) state ppid ...", where the name may hold blanks and brackets.
            var stat = File.ReadAllText(Path.Combine(folder, "stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : int.Parse(fields[1], CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
