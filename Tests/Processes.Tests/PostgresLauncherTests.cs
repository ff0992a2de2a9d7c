using Npgsql;

namespace Trellis.Hosting.Processes.Tests;

public sealed class PostgresLauncherTests : PostgresLauncherTest
{
    [Theory]
    [InlineData("installed")]
    [InlineData("npm")]
    public async Task Makes_a_cluster_that_lets_in_who_knows_the_password_and_keeps_it_when_the_password_changes(string server)
    {
        using (var first = Launch(server, password: "one"))
        {
            await first.PrintsAsync(Ready);
            Assert.Contains("Making a new cluster.", first.Output, StringComparison.Ordinal);
            await ExecuteAsync("one", "CREATE TABLE kept AS SELECT 42 AS answer");
            Assert.Equal(PostgresErrorCodes.InvalidPassword, await RefusalAsync("another"));
            SystemProcess.Signal(first.Id, "TERM");
            Assert.Equal(0, await first.ExitsAsync());
        }

        using var second = Launch(server, password: "it's \"\\two\\\" $HOME");
        await second.PrintsAsync(Ready);

        Assert.Equal(42, await ExecuteAsync("it's \"\\two\\\" $HOME", "SELECT answer FROM kept"));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, await RefusalAsync("one"));
        Assert.Equal([Folder["data/lock"]], Directory.GetFiles(Folder["data"]));
    }

    [Fact]
    public async Task Gives_a_kept_cluster_the_superuser_that_is_named_now()
    {
        using (var first = Launch("installed"))
        {
            await first.PrintsAsync(Ready);
            SystemProcess.Signal(first.Id, "TERM");
            await first.ExitsAsync();
        }

        using var second = Launch("installed", user: "o'shop \"1\"");
        await second.PrintsAsync(Ready);

        Assert.Equal(true, await ExecuteAsync("secret", "SELECT rolsuper FROM pg_roles WHERE rolname = current_user", user: "o'shop \"1\""));
    }

    [Fact]
    public async Task Stops_at_once_although_a_client_is_busy_and_leaves_no_process()
    {
        using var launcher = Launch("installed");
        await launcher.PrintsAsync(Ready);
        await using var busy = await ConnectAsync("secret");
        await using var command = new NpgsqlCommand("SELECT pg_sleep(60)", busy);
        var work = command.ExecuteNonQueryAsync();

        SystemProcess.Signal(launcher.Id, "TERM");

        Assert.Equal(0, await launcher.ExitsAsync(seconds: 2));
        Assert.Empty(SystemProcess.Of(Folder.Path));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => work);
    }

    [Fact]
    public async Task Takes_the_server_along_when_it_is_killed_and_starts_again_on_what_is_left()
    {
        using (var killed = Launch("installed"))
        {
            await killed.PrintsAsync(Ready);
            await ExecuteAsync("secret", "CREATE TABLE kept AS SELECT 42 AS answer");
            SystemProcess.Signal(killed.Id, "KILL");
            await Eventually.TrueAsync(() => SystemProcess.Of(Folder.Path).Length == 0, "no process is left", seconds: 5);
        }

        using var next = Launch("installed");
        await next.PrintsAsync(Ready);
        Assert.Equal(42, await ExecuteAsync("secret", "SELECT answer FROM kept"));
    }

    [Fact]
    public async Task Says_by_which_signal_the_server_ended_and_starts_again_over_its_pid_file()
    {
        using (var launcher = Launch("installed"))
        {
            await launcher.PrintsAsync(Ready);
            var server = Assert.Single(SystemProcess.Of(Folder.Path), process => process.ParentId == launcher.Id);
            SystemProcess.Signal(server.Id, "KILL");

            Assert.Equal(128 + 9, await launcher.ExitsAsync());
            Assert.Contains("PostgreSQL was ended by signal 9.", launcher.Output, StringComparison.Ordinal);
        }

        // The number in the pid file belongs to another process by now.
        await File.WriteAllTextAsync(Folder["data/cluster/postmaster.pid"], $"{Environment.ProcessId}\n");
        using var next = Launch("installed");
        await next.PrintsAsync(Ready);
    }

    [Fact]
    public async Task Runs_the_server_as_another_user_than_root_on_loopback_only_and_without_the_secret_in_its_environment()
    {
        using var launcher = Launch("installed");
        await launcher.PrintsAsync(Ready);

        var server = Assert.Single(SystemProcess.Of(Folder.Path), process => process.ParentId == launcher.Id);
        Assert.NotEqual(0, server.UserId);
        Assert.Equal("127.0.0.1", await ExecuteAsync("secret", "SHOW listen_addresses"));
        Assert.Equal("", await ExecuteAsync("secret", "SHOW unix_socket_directories"));
        Assert.DoesNotContain("POSTGRES_PASSWORD", await File.ReadAllTextAsync($"/proc/{server.Id}/environ"), StringComparison.Ordinal);
        Assert.DoesNotContain(SystemProcess.Of(Folder.Path), process => process.CommandLine.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Refuses_data_of_another_major_version_and_says_what_to_install()
    {
        Directory.CreateDirectory(Folder["data/cluster"]);
        await File.WriteAllTextAsync(Folder["data/cluster/PG_VERSION"], "9\n");

        using var launcher = Launch("installed");

        Assert.Equal(66, await launcher.ExitsAsync());
        Assert.Contains("was made by PostgreSQL 9, but the server found", launcher.Output, StringComparison.Ordinal);
        Assert.Contains("Install PostgreSQL 9 (Debian package postgresql-9)", launcher.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_aFolder_that_holds_something_else()
    {
        Directory.CreateDirectory(Folder["data"]);
        await File.WriteAllTextAsync(Folder["data/thesis.txt"], "precious");

        using var launcher = Launch("installed");

        Assert.Equal(66, await launcher.ExitsAsync());
        Assert.Contains("Processes:DataRoot", launcher.Output, StringComparison.Ordinal);
        Assert.Equal("precious", await File.ReadAllTextAsync(Folder["data/thesis.txt"]));
    }

    [Fact]
    public async Task Begins_anew_after_a_preparation_that_was_interrupted()
    {
        Directory.CreateDirectory(Folder["data/preparing/base"]);
        await File.WriteAllTextAsync(Folder["data/preparing.secret"], "half");

        using var launcher = Launch("installed");

        await launcher.PrintsAsync(Ready);
        Assert.False(Path.Exists(Folder["data/preparing"]));
        Assert.False(Path.Exists(Folder["data/preparing.secret"]));
    }

    [Fact]
    public async Task Passes_on_the_settings_of_the_container_image_and_the_servers_arguments()
    {
        using var launcher = Launch(
            "installed",
            user: "shop",
            extra: ["--", "postgres", "-c", "max_connections=17"],
            environment: [("POSTGRES_DB", "store"), ("POSTGRES_INITDB_ARGS", "--auth-host=scram-sha-256 --data-checksums")]);
        await launcher.PrintsAsync(Ready);

        Assert.Equal("17", await ExecuteAsync("secret", "SHOW max_connections", user: "shop", database: "store"));
        Assert.Equal("on", await ExecuteAsync("secret", "SHOW data_checksums", user: "shop", database: "store"));
    }

    [Fact]
    public async Task Takes_the_otherFolder_where_the_servers_user_cannot_use_the_first()
    {
        var closed = Directory.CreateDirectory(Folder["closed"], UnixFileMode.UserRead | (Environment.IsPrivilegedProcess ? UnixFileMode.UserExecute : UnixFileMode.None));

        using var launcher = Launch("installed", extra: ["--data", Path.Combine(closed.FullName, "data"), "--or-data", Folder["open"]]);

        await launcher.PrintsAsync(Ready);
        Assert.True(Directory.Exists(Folder["open/cluster"]));
    }

    [Fact]
    public async Task Copies_binaries_that_the_servers_user_cannot_reach()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return; // Only root runs the server as somebody who may not read what root restored.
        }

        var closed = Directory.CreateDirectory(Folder["closed"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using (var copy = System.Diagnostics.Process.Start("cp", ["-R", Path.GetDirectoryName(BuiltPaths.EmbeddedPostgres!)!, closed.FullName]))
        {
            await copy.WaitForExitAsync();
        }

        using var launcher = Launch("npm", extra: ["--bin", Path.Combine(closed.FullName, "native/bin"), "--copy-to", Folder["copy"]]);

        await launcher.PrintsAsync(Ready);
        Assert.True(File.Exists(Folder["copy/bin/postgres"]));
    }

    [Theory]
    [InlineData("--fail", "Install something.", 69, "Install something.")]
    [InlineData("--nonsense", "1", 64, "Unknown argument --nonsense.")]
    [InlineData("--bin", "/nowhere", 64, "Usage:")]
    public async Task Fails_with_a_message(string option, string value, int exitCode, string message)
    {
        using var launcher = new LauncherProcess("run-postgres.sh", [option, value]);

        Assert.Equal(exitCode, await launcher.ExitsAsync());
        Assert.Contains(message, launcher.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fails_with_a_message_without_a_server_or_a_password()
    {
        using var noServer = Launch("installed", extra: ["--bin", "/nowhere"]);
        using var noPassword = Launch("installed", password: "");

        Assert.Equal(69, await noServer.ExitsAsync());
        Assert.Contains("There is no PostgreSQL server in /nowhere.", noServer.Output, StringComparison.Ordinal);
        Assert.Equal(64, await noPassword.ExitsAsync());
        Assert.Contains("POSTGRES_PASSWORD is empty", noPassword.Output, StringComparison.Ordinal);
    }
}
