using System.Globalization;
using Npgsql;

namespace Trellis.Hosting.Processes.Tests;

/// <summary>Tests of run-postgres.sh alone, in a folder and with a port of their own.</summary>
public abstract class PostgresLauncherTest : IDisposable
{
    private protected const string Ready = "database system is ready to accept connections";

    private protected TemporaryFolder Folder { get; } = new();

    private protected int Port { get; } = FreePort.Next();

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected LauncherProcess Launch(
        string server, string password = "secret", string user = "postgres", string[]? extra = null, bool supervised = false, params IEnumerable<(string Name, string Value)> environment)
    {
        var found = PostgresInstallation.Find(server, binPath: null, dataMajor: null, out var error);
        Assert.True(found is not null, error);
        return new(
            "run-postgres.sh",
            ["--bin", found.BinPath, "--data", Folder["data"], "--port", Port.ToString(CultureInfo.InvariantCulture), .. extra ?? []],
            new Dictionary<string, string>(environment.Select(one => KeyValuePair.Create(one.Name, one.Value))) { ["POSTGRES_PASSWORD"] = password, ["POSTGRES_USER"] = user },
            supervised);
    }

    /// <summary>Makes the cluster, and stops its server.</summary>
    private protected async Task MakeClusterAsync(string server = "installed", string sql = "SELECT 1")
    {
        using var launcher = Launch(server);
        await launcher.PrintsAsync(Ready);
        await ExecuteAsync("secret", sql);
        SystemProcess.Signal(launcher.Id, "TERM");
        Assert.Equal(0, await launcher.ExitsAsync());
    }

    private protected async Task<NpgsqlConnection> ConnectAsync(string password, string user = "postgres", string database = "postgres")
    {
        var settings = new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = Port, Username = user, Password = password, Database = database, Pooling = false };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    private protected async Task<object?> ExecuteAsync(string password, string sql, string user = "postgres", string database = "postgres")
    {
        await using var connection = await ConnectAsync(password, user, database);
#pragma warning disable CA2100 // The tests' own words.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }

    private protected async Task<string?> RefusalAsync(string password) => (await Assert.ThrowsAsync<PostgresException>(() => ConnectAsync(password))).SqlState;
}
