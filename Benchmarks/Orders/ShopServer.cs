using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using Trellis.Tests;

namespace Trellis.Benchmarks.Orders;

/// <summary>The PostgreSQL server of a running shop: what it has written, and how fast it could.</summary>
internal sealed partial class ShopServer
{
    private const string Password = "Prepared0Password";
    private const string Clients = "32";
    private const string Seconds = "5";

    private readonly int _port;

    private ShopServer(int port) => _port = port;

    /// <summary>Finds the server among an AppHost's processes, by its launcher.</summary>
    public static ShopServer Of(AppHostProcess run)
    {
        var launcher = run.Family().Select(ProcessTable.CommandLine).FirstOrDefault(line => line.Contains("run-postgres.sh", StringComparison.Ordinal))
            ?? throw new InvalidOperationException("There is no PostgreSQL among the AppHost's processes.");
        return new ShopServer(int.Parse(Port().Match(launcher).Groups[1].ValueSpan, CultureInfo.InvariantCulture));
    }

    /// <summary>Transactions and rows written so far, in all databases.</summary>
    public async Task<(long Commits, long Rows)> WrittenAsync()
    {
        await using var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={_port};Username=postgres;Password={Password};Database=postgres;Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT sum(xact_commit)::bigint, sum(tup_inserted + tup_updated + tup_deleted)::bigint FROM pg_stat_database", connection);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    /// <summary>How many rows the server can write in a second, in transactions of so many.</summary>
    public async Task<double> RowsPerSecondAsync(int rowsPerCommit)
    {
        await RunAsync("psql", "-q", "-c", "DROP TABLE IF EXISTS limit_of_rows; CREATE TABLE limit_of_rows (id bigserial PRIMARY KEY, note text)", "postgres");
        var script = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(
                script, $"BEGIN;\n{string.Concat(Enumerable.Repeat("INSERT INTO limit_of_rows (note) VALUES ('12 Station Road, 10115 Berlin');\n", rowsPerCommit))}COMMIT;\n");
            var said = await RunAsync("pgbench", "-n", "-c", Clients, "-j", "2", "-T", Seconds, "-f", script, "postgres");
            return rowsPerCommit * double.Parse(Tps().Match(said).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        }
        finally
        {
            File.Delete(script);
        }
    }

    private async Task<string> RunAsync(string program, params string[] arguments)
    {
        var path = Directory.GetFiles("/usr/lib/postgresql", program, SearchOption.AllDirectories).OrderDescending().FirstOrDefault()
            ?? throw new InvalidOperationException($"{program} is not installed (Debian package postgresql).");
        string[] server = ["-h", "127.0.0.1", "-p", _port.ToString(CultureInfo.InvariantCulture), "-U", "postgres"];
        using var process = Process.Start(new ProcessStartInfo(path, [.. server, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PGPASSWORD"] = Password },
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? said : throw new InvalidOperationException($"{program} said: {await errors}");
    }

    [GeneratedRegex("--port ([0-9]+)")]
    private static partial Regex Port();

    [GeneratedRegex(@"tps = ([\d.]+)")]
    private static partial Regex Tps();
}
