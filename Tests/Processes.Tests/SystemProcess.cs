using System.Diagnostics;
using System.Globalization;

namespace Trellis.Hosting.Processes.Tests;

/// <summary>A process of this machine, as /proc shows it.</summary>
internal sealed record SystemProcess(int Id, string CommandLine, int ParentId, int UserId)
{
    /// <summary>Those that are alive and have the text in their command line or are at work in the folder of that name.</summary>
    public static SystemProcess[] Of(string text) => [.. Directory.GetDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? Read(id, text) : null)
        .OfType<SystemProcess>()
        .Where(process => process.Id != Environment.ProcessId)];

    /// <summary>Waits for one of them.</summary>
    public static async Task<SystemProcess> FoundAsync(Func<SystemProcess, bool> isMeant, string text)
    {
        SystemProcess? found = null;
        await Eventually.TrueAsync(() => (found = Of(text).FirstOrDefault(isMeant)) is not null, "the process is there");
        return found!;
    }

    /// <summary>What a program says, run to its end.</summary>
    public static string Output(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }

    /// <summary>Kills a process, which may be gone already.</summary>
    public static void EndIfThere(int id)
    {
        using var kill = Process.Start(new ProcessStartInfo("kill", ["-KILL", id.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardError = true, UseShellExecute = false });
        kill!.WaitForExit();
    }

    public static void Signal(int id, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    private static SystemProcess? Read(int id, string text)
    {
        try
        {
            var commandLine = File.ReadAllText($"/proc/{id}/cmdline").Replace('\0', ' ');
            var isConcerned = commandLine.Contains(text, StringComparison.Ordinal)
                || File.ResolveLinkTarget($"/proc/{id}/cwd", returnFinalTarget: false)?.FullName.Contains(text, StringComparison.Ordinal) == true;
            var status = File.ReadAllLines($"/proc/{id}/status");
            // A zombie is dead; somebody has yet to read its exit code.
            return isConcerned && !Field(status, "State").StartsWith('Z')
                ? new(id, commandLine, int.Parse(Field(status, "PPid"), CultureInfo.InvariantCulture), int.Parse(Field(status, "Uid").Split('\t')[0], CultureInfo.InvariantCulture))
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Field(string[] status, string name) => status.First(line => line.StartsWith($"{name}:", StringComparison.Ordinal))[(name.Length + 1)..].Trim();
}
