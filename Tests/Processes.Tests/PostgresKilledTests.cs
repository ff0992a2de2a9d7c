using System.Globalization;
using Npgsql;

namespace Trellis.Hosting.Processes.Tests;

/// <summary>What kill -9 leaves of PostgreSQL: every acknowledged row, no process, and nothing that is in the way of the next start.</summary>
public sealed class PostgresKilledTests : PostgresLauncherTest
{
    private string ConnectionString => $"Host=127.0.0.1;Port={Port};Username=postgres;Password=secret;Database=postgres";

    [Theory]
    [InlineData("installed", "launcher")]
    [InlineData("npm", "launcher")]
    [InlineData("installed", "server")]
    [InlineData("npm", "server")]
    [InlineData("installed", "launcher and server")]
    public async Task Every_acknowledged_row_is_there_after_a_kill_while_clients_write_and_nothing_else_is_left(string server, string killed)
    {
        await using var writer = await KillWhileWritingAsync(server, killed);

        await Eventually.TrueAsync(() => killed == "launcher and server" || SystemProcess.Of(Folder.Path).Length == 0, "no process is left", seconds: 5);
        using var next = Launch(server);
        await next.PrintsAsync(Ready);
        await writer.WritesAsync(10);
        await writer.AssertNothingIsLostAsync();
        Assert.Empty(Directory.GetFileSystemEntries(Folder["data"], "preparing*"));
        Assert.Equal(1, SharedMemory());

        SystemProcess.Signal(next.Id, "TERM");
        Assert.Equal(0, await next.ExitsAsync());
        Assert.Empty(SystemProcess.Of(Folder.Path));
        Assert.Equal(0, SharedMemory());
    }

    [LongFact]
    public async Task No_row_is_lost_over_many_kills()
    {
        string[] victims = ["launcher", "server", "launcher and server"];
        for (var run = 0; run < 30; run++)
        {
            await using var writer = await KillWhileWritingAsync("installed", victims[run % victims.Length], rows: 7 * run);
            using var next = Launch("installed");
            await next.PrintsAsync(Ready);
            await writer.AssertNothingIsLostAsync();
            await ExecuteAsync("secret", "DROP TABLE written");
            SystemProcess.Signal(next.Id, "TERM");
            await next.ExitsAsync();
        }
    }

    [Fact]
    public async Task Ends_a_busy_query_that_does_not_notice_that_its_server_is_gone()
    {
        using var launcher = Launch("installed");
        await launcher.PrintsAsync(Ready);
        await using var busy = await ConnectAsync("secret");
        var work = CountForEverAsync(busy);

        SystemProcess.Signal(ServerOf(launcher).Id, "KILL");

        Assert.Equal(128 + 9, await launcher.ExitsAsync());
        await Eventually.TrueAsync(() => SystemProcess.Of(Folder.Path).Length == 0, "no process is left", seconds: 5);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => work);
    }

    [Fact]
    public async Task Ends_what_is_left_of_another_run_before_it_starts()
    {
        var busy = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        using var killed = Launch("installed");
        await killed.PrintsAsync(Ready);
        await busy.OpenAsync();
        var orphan = busy.ProcessID;
        var work = CountForEverAsync(busy);
        try
        {
            var server = ServerOf(killed);
            SystemProcess.Signal(server.Id, "STOP");
            SystemProcess.Signal(killed.Id, "KILL");
            SystemProcess.Signal(server.Id, "KILL");
            await Eventually.TrueAsync(() => SystemProcess.Of(Folder.Path).All(process => process.Id == orphan), "only the orphan is left");
            Assert.NotEmpty(SystemProcess.Of(Folder.Path));

            using var next = Launch("installed");
            await next.PrintsAsync(Ready);

            Assert.DoesNotContain(SystemProcess.Of(Folder.Path), process => process.Id == orphan);
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => work);
        }
        finally
        {
            SystemProcess.EndIfThere(orphan);
            await busy.DisposeAsync();
        }
    }

    [Fact]
    public async Task Ends_when_the_one_who_started_the_launcher_is_killed_and_cannot_say_so()
    {
        using (var supervisor = Launch("installed", supervised: true))
        {
            await supervisor.PrintsAsync(Ready);
            SystemProcess.Signal(supervisor.Id, "KILL");

            await Eventually.TrueAsync(() => SystemProcess.Of(Folder.Path).Length == 0, "no process is left", seconds: 10);
        }

        using var next = Launch("installed");
        await next.PrintsAsync(Ready);
    }

    [Fact]
    public async Task Leaves_alone_what_is_at_work_in_the_folder_but_is_not_PostgreSQL()
    {
        using (var first = Launch("installed"))
        {
            await first.PrintsAsync(Ready);
            SystemProcess.Signal(ServerOf(first).Id, "KILL");
            await first.ExitsAsync();
        }

        using var shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("sleep", "600") { WorkingDirectory = Folder["data/cluster"] })!;
        try
        {
            await File.WriteAllTextAsync(Folder["data/cluster/postmaster.pid"], $"{shell.Id}\n");
            using var next = Launch("installed");
            await next.PrintsAsync(Ready);
            Assert.False(shell.HasExited);
        }
        finally
        {
            shell.Kill();
        }
    }

    [Fact]
    public async Task Goes_on_when_a_servers_child_is_killed_while_clients_write()
    {
        using var launcher = Launch("installed");
        await launcher.PrintsAsync(Ready);
        await using var writer = await RowWriter.StartAsync(ConnectionString);
        await using var victim = await ConnectAsync("secret");

        SystemProcess.Signal(victim.ProcessID, "KILL");

        await launcher.PrintsAsync("all server processes terminated; reinitializing");
        await writer.WritesAsync(100);
        await writer.AssertNothingIsLostAsync();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => new NpgsqlCommand("SELECT 1", victim).ExecuteScalarAsync());
    }

    [Theory]
    [InlineData("4194305")]
    [InlineData("")]
    [InlineData("-17")]
    [InlineData("not a number")]
    public async Task Starts_over_a_pid_file_that_says_nothing_of_use(string content)
    {
        await MakeClusterAsync();
        await File.WriteAllTextAsync(Folder["data/cluster/postmaster.pid"], content);

        using var next = Launch("installed");
        await next.PrintsAsync(Ready);
    }

    [Theory]
    [InlineData("installed")]
    [InlineData("npm")]
    public async Task Says_that_its_preparation_was_killed_keeps_nothing_of_it_and_succeeds_the_next_time(string server)
    {
        using (var launcher = Launch(server))
        {
            SystemProcess.Signal((await PreparingAsync()).Id, "KILL");

            Assert.Equal(66, await launcher.ExitsAsync());
            Assert.Contains($"The cluster in {Folder["data"]} could not be made: initdb ended with exit code 137.", launcher.Output, StringComparison.Ordinal);
        }

        await Eventually.TrueAsync(() => SystemProcess.Of(Folder.Path).Length == 0, "no process is left", seconds: 5);
        Assert.Equal(["lock"], Directory.GetFileSystemEntries(Folder["data"]).Select(Path.GetFileName));
        using var next = Launch(server);
        await next.PrintsAsync(Ready);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("KILL")]
    public async Task Ends_its_preparation_when_it_is_ended_itself_and_succeeds_the_next_time(string signal)
    {
        using (var launcher = Launch("installed"))
        {
            await PreparingAsync();
            SystemProcess.Signal(launcher.Id, signal);

            Assert.Equal(signal == "TERM" ? 0 : 137, await launcher.ExitsAsync());
            await Eventually.TrueAsync(() => SystemProcess.Of(Folder.Path).Length == 0, "no process is left", seconds: 5);
        }

        using var next = Launch("installed");
        await next.PrintsAsync(Ready);
        Assert.Empty(Directory.GetFileSystemEntries(Folder["data"], "preparing*"));
    }

    private async Task<RowWriter> KillWhileWritingAsync(string server, string killed, int rows = 50)
    {
        using var launcher = Launch(server);
        await launcher.PrintsAsync(Ready);
        var writer = await RowWriter.StartAsync(ConnectionString);
        await writer.WritesAsync(rows);
        var postgres = ServerOf(launcher);
        if (killed.Contains("server", StringComparison.Ordinal))
        {
            // Stopped first: the kernel would tell it that the launcher is gone before we can kill it.
            SystemProcess.Signal(postgres.Id, "STOP");
        }

        if (killed.Contains("launcher", StringComparison.Ordinal))
        {
            SystemProcess.Signal(launcher.Id, "KILL");
        }

        if (killed.Contains("server", StringComparison.Ordinal))
        {
            SystemProcess.Signal(postgres.Id, "KILL");
        }

        Assert.Equal(128 + 9, await launcher.ExitsAsync());
        return writer;
    }

    private Task<SystemProcess> PreparingAsync() => SystemProcess.FoundAsync(process => process.CommandLine.Contains($"initdb --pgdata={Folder["data"]}", StringComparison.Ordinal), Folder.Path);

    private SystemProcess ServerOf(LauncherProcess launcher) => Assert.Single(SystemProcess.Of(Folder.Path), process => process.ParentId == launcher.Id);

    // PostgreSQL calls its System V shared memory after its folder (shm_overview(7), shmget(2)).
    private int SharedMemory()
    {
        var cluster = SystemProcess.Output("stat", "--format=%i", Folder["data/cluster"]).Trim();
        var key = unchecked((int)long.Parse(cluster, CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture);
        return File.ReadLines("/proc/sysvipc/shm").Count(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0] == key);
    }

    private static async Task CountForEverAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("DO $$ BEGIN LOOP END LOOP; END $$", connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }
}
