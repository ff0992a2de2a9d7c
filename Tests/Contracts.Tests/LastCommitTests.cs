using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;

namespace Trellis.Contracts.Tests;

/// <summary>Whether the contracts in the working tree break clients of those that were committed last.</summary>
public sealed class LastCommitTests
{
    private static readonly string Root =
        typeof(LastCommitTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == "RepositoryRoot").Value!;

    private static readonly string[] Committed = (Git("ls-tree", "-r", "--name-only", "HEAD", "Services") ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static TheoryData<string> Contracts { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Root, "Services"), "openapi.json", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(Path.GetDirectoryName(file)) == "Contract")
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))];

    [CommittedTheory]
    [MemberData(nameof(Contracts))]
    public async Task Breaks_no_client_of_the_last_commit(string contract)
    {
        if (Git("show", $"HEAD:./{contract}") is not { } committed)
        {
            // A contract that is new has no clients.
            return;
        }

        var changes = BreakingChanges.Between(committed, await File.ReadAllTextAsync(Path.Combine(Root, contract)));

        Assert.True(changes.Count == 0, $"{contract} breaks clients of the last commit:\n{string.Join('\n', changes)}");
    }

    /// <summary>Those of the working tree, and those that were committed and are gone.</summary>
    public static TheoryData<string> MessageContracts { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Root, "Services"), "asyncapi.json", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Union(Committed, StringComparer.Ordinal)
            .Where(file => file.EndsWith("/Contract/asyncapi.json", StringComparison.Ordinal))];

    [CommittedTheory]
    [MemberData(nameof(MessageContracts))]
    public async Task Breaks_nobody_who_sends_or_reads_messages_of_the_last_commit(string contract)
    {
        if (Git("show", $"HEAD:./{contract}") is not { } committed)
        {
            return;
        }

        var now = Path.Combine(Root, contract);
        var changes = MessageChanges.Between(committed, File.Exists(now) ? await File.ReadAllTextAsync(now) : null);

        Assert.True(changes.Count == 0, $"{contract} breaks services of the last commit, or messages that are still under way:\n{string.Join('\n', changes)}");
    }

    public static TheoryData<string> RpcContracts { get; } =
        [.. Committed.Where(file => file.Contains("/Contract/", StringComparison.Ordinal) && file.EndsWith(".proto", StringComparison.Ordinal))];

    [CommittedTheory]
    [MemberData(nameof(RpcContracts))]
    public async Task Breaks_no_caller_of_the_last_commit(string contract)
    {
        var now = Path.Combine(Root, contract);
        Assert.True(File.Exists(now), $"{contract} was committed and is gone");

        var changes = RpcChanges.Between(Protoc.Compile(Git("show", $"HEAD:./{contract}")!), Protoc.Compile(await File.ReadAllTextAsync(now)));

        Assert.True(changes.Count == 0, $"{contract} breaks callers of the last commit:\n{string.Join('\n', changes)}");
    }

    private static string? Git(params string[] arguments)
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", arguments) { UseShellExecute = false, WorkingDirectory = Root, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = git.StandardError.ReadToEndAsync();
            var output = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            errors.Wait();
            return git.ExitCode == 0 ? output : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>A theory about what is committed; skipped where nothing is: an unpacked archive, a machine without git.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class CommittedTheoryAttribute : TheoryAttribute
    {
        public CommittedTheoryAttribute() =>
            Skip = Git("rev-parse", "--verify", "HEAD") is null ? "There is no last commit to compare with: no git, or no repository." : null;
    }
}
