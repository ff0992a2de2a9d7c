using Trellis.Tests;

namespace Aspire.Hosting.Testing.Tests;

/// <summary>
/// Finds what runs of this process leave on the machine. While it exists, this process has a folder of its own for temporary files, which what it
/// starts inherits and can be recognized by.
/// </summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
internal sealed class TracesOfRun : IDisposable
{
    private const string Variable = "TMPDIR";

    private readonly TemporaryFolder _folder = new();
    private readonly string? _before = Environment.GetEnvironmentVariable(Variable);

    public TracesOfRun() => Environment.SetEnvironmentVariable(Variable, _folder.Path);

    public IReadOnlyList<int> Processes() => [.. ProcessTable.Read().WithVariable(Variable, _folder.Path)];

    public async Task AssertNoneAsync()
    {
        string[] left = [];
        try
        {
            await Eventually.TrueAsync(
                () =>
                {
                    left =
                    [
                        .. Processes().Select(pid => $"process {pid}: {ProcessTable.CommandLine(pid)}"),
                        .. Directory.GetDirectories(_folder.Path, "aspire-*"),
                        .. Sockets(),
                    ];
                    return left.Length == 0;
                },
                "Something was left",
                seconds: 15);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message}: {string.Join("; ", left)}", exception);
        }
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, _before);
        _folder.Dispose();
    }

    /// <summary>Where this process listens for the command line.</summary>
    private static string[] Sockets()
    {
        var folder = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".aspire", "cli", "bch");
        return Directory.Exists(folder) ? Directory.GetFiles(folder, $"*.{Environment.ProcessId}") : [];
    }
}
