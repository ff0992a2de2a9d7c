using Npgsql;

namespace Trellis.Tests;

/// <summary>A real PostgreSQL server with a fresh cluster.</summary>
public sealed class PostgresServer : ServerProcess
{
    private readonly string _binaries = Directory.GetDirectories("/usr/lib/postgresql")
        .OrderByDescending(folder => int.Parse(Path.GetFileName(folder)))
        .Select(folder => Path.Combine(folder, "bin"))
        .First(folder => File.Exists(Path.Combine(folder, "postgres")));

    private string _fsync = "off";

    private string Data => Path.Combine(Folder, "data");

    /// <summary>Makes a cluster and starts it; <paramref name="durable"/> is for tests and measurements in which the disk counts.</summary>
    public static async Task<PostgresServer> StartAsync(bool durable = false)
    {
        var server = new PostgresServer { _fsync = durable ? "on" : "off" };
        try
        {
            await server.InitializeAsync();
            await server.RestartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the server on its cluster, at the port it had.</summary>
    public Task RestartAsync() => LaunchAsync(
        AnswersAsync,
        AsServerUser(out var arguments, Path.Combine(_binaries, "postgres"),
            "-D", Data, "-p", Port.ToString(), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=500", "-c", $"fsync={_fsync}"),
        arguments);

    /// <summary>Where a database of this server is found, whether or not it exists.</summary>
    /// <remarks>The pool of a service that is gone would keep its connections for minutes, and many services come and go here.</remarks>
    public string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={Port};Username=postgres;Database={database};Timeout=5;Include Error Detail=true;Connection Idle Lifetime=5;Connection Pruning Interval=1";

    /// <summary>Makes an empty database with a name of its own.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test_{Guid.NewGuid():N}";
        await ExecuteAsync("postgres", $"CREATE DATABASE {name}");
        return name;
    }

    /// <summary>Runs one statement and returns its first value.</summary>
    public async Task<object?> ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private async Task InitializeAsync()
    {
        if (Environment.IsPrivilegedProcess)
        {
            // The server refuses to run as root, and its user must own the folder.
            await RunAsync("chown", "postgres", Folder);
        }

        var program = AsServerUser(out var arguments, Path.Combine(_binaries, "initdb"),
            "-D", Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
        await RunAsync(program, arguments);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await ExecuteAsync("postgres", "SELECT 1");
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static string AsServerUser(out string[] arguments, string program, params string[] rest)
    {
        arguments = Environment.IsPrivilegedProcess
            ? ["--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. rest]
            : rest;
        return Environment.IsPrivilegedProcess ? "setpriv" : program;
    }
}
