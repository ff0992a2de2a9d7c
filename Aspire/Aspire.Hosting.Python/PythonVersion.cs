using System.Text.RegularExpressions;

namespace Aspire.Hosting.Python;

/// <summary>Finds out which version of Python an application is written for.</summary>
internal static partial class PythonVersion
{
    private const string Newest = "3.13";

    /// <summary>The version, such as 3.12: from <c>.python-version</c>, <c>pyproject.toml</c> or the virtual environment; else a recent one.</summary>
    public static string Of(string appDirectory, VirtualEnvironment? environment) =>
        First(Path.Join(appDirectory, ".python-version"), Pinned())
        ?? First(Path.Join(appDirectory, "pyproject.toml"), Required())
        ?? (environment is null ? null : First(Path.Join(environment.Path, "pyvenv.cfg"), OfEnvironment()))
        ?? Newest;

    private static string? First(string file, Regex pattern) =>
        File.Exists(file) && pattern.Match(File.ReadAllText(file)) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex(@"^\s*(\d+\.\d+(\.\d+)?)\s*$", RegexOptions.Multiline)]
    private static partial Regex Pinned();

    [GeneratedRegex("""^\s*requires-python\s*=\s*["'](?:>=|==|~=)?\s*(\d+\.\d+)""", RegexOptions.Multiline)]
    private static partial Regex Required();

    [GeneratedRegex(@"^\s*version(?:_info)?\s*=\s*(\d+\.\d+)", RegexOptions.Multiline)]
    private static partial Regex OfEnvironment();
}
