using System.Diagnostics;

namespace Aspire.Hosting.Tests.Faults;

/// <summary>A machine that does not give the AppHost what it needs: it works all the same or says what is missing, without a stack trace.</summary>
public sealed class Surroundings
{
    [Theory]
    [InlineData(null)]
    [InlineData("/proc")]
    [InlineData("/dev/null")]
    public async Task It_works_without_a_home_folder_that_can_be_written_to(string? home)
    {
        await using var run = new FaultyRun("workers", environment: Variables("HOME", home));
        await run.UntilAsync("All resources are running and healthy");

        await run.EndAsync("TERM");
    }

    [Theory]
    [InlineData("/nowhere/at/all")]
    [InlineData("/proc")]
    public async Task A_folder_for_temporary_files_that_cannot_be_used_is_named_with_its_setting(string folder)
    {
        await using var run = new FaultyRun("workers", environment: Variables("TMPDIR", folder));

        await AssertRefusedAsync(run, folder, "TMPDIR");
    }

    [FullFolderFact]
    public async Task A_full_folder_for_temporary_files_is_named_with_its_setting()
    {
        using var folder = new TemporaryFolder();
        Run("mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", folder.Path);
        try
        {
            await File.WriteAllBytesAsync(folder["fill"], new byte[8192]);
            await using var run = new FaultyRun("workers", environment: Variables("TMPDIR", folder.Path));

            await AssertRefusedAsync(run, folder.Path, "TMPDIR");
        }
        finally
        {
            Run("umount", folder.Path);
        }
    }

    [Fact]
    public async Task Too_few_open_files_are_named_with_the_number_that_is_needed()
    {
        await using var run = new FaultyRun("workers", launcher: ["prlimit", "--nofile=128:128"]);

        await AssertRefusedAsync(run, "128 files", "ulimit -n");
    }

    [Fact]
    public async Task It_works_with_the_fewest_open_files_that_it_accepts()
    {
        await using var run = new FaultyRun("workers", launcher: ["prlimit", "--nofile=256:256"]);
        await run.UntilAsync("All resources are running and healthy");

        await run.EndAsync("TERM");
    }

    [Fact]
    public async Task Two_AppHosts_of_one_project_run_side_by_side_and_one_does_not_take_the_other_along()
    {
        await using var first = await FaultyRun.StartAsync("workers");
        await using var second = await FaultyRun.StartAsync("workers");

        await first.EndAsync("KILL");

        var left = second.Process.Family();
        Assert.Equal(left.Count, second.Process.Survivors().Count);
        await second.EndAsync("TERM");
    }

    [Fact]
    public async Task A_second_AppHost_on_the_same_port_is_told_whose_it_is()
    {
        var port = FreePort.Next();
        await using var first = await FaultyRun.StartAsync("workers", $"--First:Port={port}");
        await using var second = new FaultyRun("workers", arguments: $"--First:Port={port}");

        await AssertRefusedAsync(second, $"{port}", "'first'", $"(pid {first.Process.Id})");
        Assert.Equal(first.Process.Family().Count, first.Process.Survivors().Count);
    }

    private static Dictionary<string, string?> Variables(string name, string? value) => new(StringComparer.Ordinal) { [name] = value };

    private static async Task AssertRefusedAsync(FaultyRun run, params string[] words)
    {
        await run.AssertNothingIsLeftAsync();
        Assert.Equal(1, run.Process.ExitCode);
        Assert.All(words, word => Assert.Contains(word, run.Output, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", run.Output, StringComparison.Ordinal);
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>Skipped where this user cannot make a file system that is full.</summary>
    private sealed class FullFolderFactAttribute : FactAttribute
    {
        public FullFolderFactAttribute()
        {
            Skip = Environment.IsPrivilegedProcess && Run("unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt") == 0
                ? null
                : "Only root can mount a file system of its own, and not in every container.";
        }
    }
}
