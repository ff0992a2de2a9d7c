using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Trellis.Hosting.Processes.Tests;

/// <summary>Data folders that are not as they should be: the launcher repairs them, or says in a sentence what to do.</summary>
public sealed class PostgresDataFolderTests : PostgresLauncherTest
{
    private string Cluster => Folder["data/cluster"];

    [Theory]
    [InlineData("installed")]
    [InlineData("npm")]
    public async Task Keeps_its_data_in_a_folder_with_any_name(string server)
    {
        var folder = Folder["it's a \"folder\" \\ $HOME `of` äöü 数据 *"];
        foreach (var sql in (string[])["CREATE TABLE kept AS SELECT 42 AS answer", "SELECT answer FROM kept"])
        {
            using var launcher = Launch(server, extra: ["--data", folder]);
            await launcher.PrintsAsync(Ready);
            await ExecuteAsync("secret", sql);
            SystemProcess.Signal(launcher.Id, "TERM");
            Assert.Equal(0, await launcher.ExitsAsync());
        }

        Assert.Equal([folder], Directory.GetDirectories(Folder.Path));
    }

    [Fact]
    public async Task Refuses_a_real_cluster_of_another_major_version_and_leaves_it_as_it_was()
    {
        await MakeClusterAsync("npm", "CREATE TABLE kept AS SELECT 42 AS answer");
        var (older, newer) = (Major("installed"), Major("npm"));
        Assert.NotEqual(older, newer);

        using (var refused = Launch("installed"))
        {
            Assert.Equal(66, await refused.ExitsAsync());
            Assert.Contains($"The data in {Cluster} was made by PostgreSQL {newer}, but the server found", refused.Output, StringComparison.Ordinal);
            Assert.Contains($"is PostgreSQL {older}. Install PostgreSQL {newer}", refused.Output, StringComparison.Ordinal);
        }

        using var fitting = Launch("npm");
        await fitting.PrintsAsync(Ready);
        Assert.Equal(42, await ExecuteAsync("secret", "SELECT answer FROM kept"));
    }

    [SmallDiskFact]
    public async Task Says_that_the_disk_is_full_when_a_cluster_finds_no_room_and_keeps_nothing_of_it()
    {
        using var disk = new SmallDisk(Folder["data"], megabytes: 20);

        using var launcher = Launch("installed");

        Assert.Equal(66, await launcher.ExitsAsync());
        Assert.Contains($"The disk that holds {disk.Folder} is full", launcher.Output, StringComparison.Ordinal);
        Assert.Equal(["lock"], Directory.GetFileSystemEntries(disk.Folder).Select(Path.GetFileName));
    }

    [SmallDiskFact]
    public async Task Says_that_the_disk_is_full_when_it_cannot_start_and_starts_when_there_is_room_again()
    {
        using var disk = new SmallDisk(Folder["data"], megabytes: 160);
        await MakeClusterAsync(sql: "CREATE TABLE kept AS SELECT 42 AS answer");
        disk.Fill(butKilobytes: 0);
        using (var full = Launch("installed"))
        {
            Assert.Equal(66, await full.ExitsAsync());
            Assert.Contains($"The disk that holds {disk.Folder} is full", full.Output, StringComparison.Ordinal);
        }

        disk.MakeRoom();
        using var next = Launch("installed");
        await next.PrintsAsync(Ready);
        Assert.Equal(42, await ExecuteAsync("secret", "SELECT answer FROM kept"));
        SystemProcess.Signal(next.Id, "TERM");
        Assert.Equal(0, await next.ExitsAsync());
    }

    [SmallDiskFact]
    public async Task Loses_no_acknowledged_row_on_a_disk_that_fills_while_a_client_writes_and_goes_on_when_there_is_room_again()
    {
        using var disk = new SmallDisk(Folder["data"], megabytes: 160);
        using var launcher = Launch("installed");
        await launcher.PrintsAsync(Ready);
        // Random, so that PostgreSQL cannot make it smaller.
        await using var writer = await RowWriter.StartAsync(
            $"Host=127.0.0.1;Port={Port};Username=postgres;Password=secret;Database=postgres", row: Convert.ToHexString(RandomNumberGenerator.GetBytes(3000)));
        disk.Fill(butKilobytes: 200);

        await launcher.PrintsAsync("No space left on device");
        disk.MakeRoom();

        await writer.WritesAsync(10);
        await writer.AssertNothingIsLostAsync();
        SystemProcess.Signal(launcher.Id, "TERM");
        Assert.Equal(0, await launcher.ExitsAsync());
    }

    [Theory]
    [InlineData(UnixFileMode.None)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute)]
    public async Task Gives_its_cluster_the_permissions_that_PostgreSQL_asks_for(UnixFileMode mode)
    {
        await MakeClusterAsync();
        File.SetUnixFileMode(Cluster, mode);

        using var launcher = Launch("installed");

        await launcher.PrintsAsync(Ready);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Cluster));
    }

    [Theory]
    [InlineData("PG_VERSION")]
    [InlineData("global/pg_control")]
    public async Task Names_the_file_that_the_server_cannot_read_and_who_needs_it(string file)
    {
        await MakeClusterAsync();
        File.SetUnixFileMode(Path.Combine(Cluster, file), UnixFileMode.None);

        using (var launcher = Launch("installed"))
        {
            Assert.Equal(66, await launcher.ExitsAsync());
            Assert.Contains($"who runs PostgreSQL, cannot read and write {Cluster}/{file}. Give the data back to him", launcher.Output, StringComparison.Ordinal);
        }

        File.SetUnixFileMode(Path.Combine(Cluster, file), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var next = Launch("installed");
        await next.PrintsAsync(Ready);
    }

    [Fact]
    public async Task Takes_over_a_cluster_that_belongs_to_root()
    {
        await MakeClusterAsync(sql: "CREATE TABLE kept AS SELECT 42 AS answer");
        if (Environment.IsPrivilegedProcess)
        {
            SystemProcess.Output("chown", "-R", "root:root", Folder["data"]);
        }

        using var launcher = Launch("installed");

        await launcher.PrintsAsync(Ready);
        Assert.Equal(42, await ExecuteAsync("secret", "SELECT answer FROM kept"));
    }

    [Fact]
    public async Task Says_what_is_missing_in_a_cluster_that_is_none()
    {
        Directory.CreateDirectory(Folder["data/cluster/base"]);

        using var launcher = Launch("installed");

        Assert.Equal(66, await launcher.ExitsAsync());
        Assert.Contains($"The folder {Cluster} is no PostgreSQL cluster: PG_VERSION is missing. Restore it from a backup", launcher.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_that_damaged_data_has_to_be_restored()
    {
        await MakeClusterAsync();
        await File.WriteAllBytesAsync(Path.Combine(Cluster, "global/pg_control"), new byte[8192]);

        using var launcher = Launch("installed");

        Assert.Equal(66, await launcher.ExitsAsync());
        Assert.Contains($"PostgreSQL cannot use the data in {Cluster}, for the reason above. Restore it from a backup", launcher.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_the_port_that_is_taken_and_who_has_it()
    {
        using var listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Start();

        using (var launcher = Launch("installed"))
        {
            Assert.Equal(1, await launcher.ExitsAsync());
            Assert.Matches($"Port {Port} is used by [^ ]+ \\(process {Environment.ProcessId}\\)\\. Stop it, or choose another port with WithHostPort\\(\\)\\.", launcher.Output);
        }

        listener.Stop();
        using var next = Launch("installed");
        await next.PrintsAsync(Ready);
    }

    [Fact]
    public async Task Says_who_uses_the_folder_to_the_second_that_wants_it()
    {
        using var first = Launch("installed", extra: ["--for", "the AppHost in /over/there (process 7)"]);
        await first.PrintsAsync(Ready);

        using var second = Launch("installed", extra: ["--port", FreePort.Next().ToString(CultureInfo.InvariantCulture)]);

        Assert.Equal(66, await second.ExitsAsync());
        Assert.Contains(
            $"The data in {Folder["data"]} is in use by the AppHost in /over/there (process 7). Stop it first, or give this AppHost a folder of its own with the setting Processes:DataRoot.",
            second.Output,
            StringComparison.Ordinal);
        Assert.Equal(1, await ExecuteAsync("secret", "SELECT 1"));
    }

    [Fact]
    public async Task Lets_one_of_two_that_start_at_once_make_the_cluster()
    {
        LauncherProcess[] both = [Launch("installed"), Launch("installed", extra: ["--port", FreePort.Next().ToString(CultureInfo.InvariantCulture)])];
        try
        {
            await Eventually.TrueAsync(() => both.Count(launcher => launcher.Output.Contains("is in use by process", StringComparison.Ordinal)) == 1, "one is refused");
            await Eventually.TrueAsync(() => both.Count(launcher => launcher.Output.Contains(Ready, StringComparison.Ordinal)) == 1, "the other is ready");
        }
        finally
        {
            foreach (var launcher in both)
            {
                launcher.Dispose();
            }
        }
    }

    private static int Major(string server) => PostgresInstallation.Find(server, binPath: null, dataMajor: null, out _)!.Major;
}
