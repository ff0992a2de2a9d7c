namespace Aspire.Hosting.Tests.Faults;

/// <summary>A run of <see cref="FaultyAppHost"/> in a process and a temporary folder of its own.</summary>
internal sealed class FaultyRun : IAsyncDisposable
{
    public static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    /// <summary>How long a run may take to end on a machine that does other things too; by itself it takes a second or two.</summary>
    public static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(15);

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<AppHostProcess> _process;

    public FaultyRun(
        string scenario,
        IReadOnlyList<string>? launcher = null,
        IReadOnlyDictionary<string, string?>? environment = null,
        params string[] arguments)
    {
        var variables = new Dictionary<string, string?>(StringComparer.Ordinal) { ["TMPDIR"] = Temp, ["HOME"] = _folder.Path };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>(StringComparer.Ordinal))
        {
            variables[name] = value;
        }

        // A test run that was started in the background ignores these signals, and so would what it starts.
        string[] dotnet = ["env", "--default-signal=INT,HUP", .. launcher ?? [], "dotnet", "exec"];
        _process = new(() => AppHostProcess.Start(
            typeof(FaultyAppHost).Assembly.Location, _folder.Path, dotnet, [$"--Scenario={scenario}", .. arguments], variables));
        Directory.CreateDirectory(Temp);
    }

    public AppHostProcess Process => _process.Value;

    /// <summary>Stands for /tmp, so that what a run leaves behind is seen.</summary>
    public string Temp => _folder["tmp"];

    public string Output => Process.Output;

    public static async Task<FaultyRun> StartAsync(string scenario, params string[] arguments)
    {
        var run = new FaultyRun(scenario, arguments: arguments);
        await run.UntilAsync("All resources are running and healthy");
        return run;
    }

    public Task<(TimeSpan At, string Line)> UntilAsync(string line) => Process.WaitForLineAsync(line, StartTimeout);

    /// <summary>Sends a signal and asserts that every process and every folder goes away.</summary>
    public async Task<TimeSpan> EndAsync(string signal)
    {
        var took = await Process.EndAsync(signal, EndTimeout);
        await AssertNothingIsLeftAsync();
        return took;
    }

    /// <summary>Asserts that the AppHost has ended with all that came from it, and that nobody had to be killed by the test.</summary>
    public async Task AssertNothingIsLeftAsync()
    {
        await Process.WaitForEndAsync(Process.Elapsed, EndTimeout);
        await Eventually.TrueAsync(() => Process.Family().All(pid => !ProcessTable.Read().Runs(pid)), "A process was still running");
        await Eventually.TrueAsync(() => Directory.GetDirectories(Temp, "aspire-*").Length == 0, "The engine's folder was still there");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process.IsValueCreated)
        {
            await Process.DisposeAsync();
        }

        _folder.Dispose();
    }
}
