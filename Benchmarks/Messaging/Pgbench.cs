using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Trellis.Tests;

namespace Trellis.Benchmarks.Messaging;

/// <summary>How many transactions of two small rows the server commits in a second: each message needs two of them, one to be sent and one to be handled.</summary>
internal sealed partial class Pgbench(PostgresServer postgres)
{
    private const string Script = """
        BEGIN;
        INSERT INTO notes (number, address) VALUES (1, '12 Station Road');
        INSERT INTO marks (id, address) VALUES (gen_random_uuid(), '12 Station Road');
        COMMIT;
        """;

    public async Task<Measurement> MeasureAsync()
    {
        var database = await postgres.CreateDatabaseAsync();
        await postgres.ExecuteAsync(database, "CREATE TABLE notes (id bigserial PRIMARY KEY, number int, address text); CREATE TABLE marks (id uuid PRIMARY KEY, address text)");
        var script = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(script, Script);
            var start = new ProcessStartInfo(Program(), ["-n", "-h", "127.0.0.1", "-p", postgres.Port.ToString(CultureInfo.InvariantCulture), "-U", "postgres", "-c", "32", "-j", "2", "-T", "5", "-f", script, database])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            var found = Tps().Match(output);
            return found.Success
                ? new Measurement(double.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture))
                : throw new InvalidOperationException($"pgbench said: {await errors}");
        }
        finally
        {
            File.Delete(script);
        }
    }

    private static string Program() => Directory.GetFiles("/usr/lib/postgresql", "pgbench", SearchOption.AllDirectories).OrderDescending().FirstOrDefault()
        ?? throw new InvalidOperationException("pgbench is not installed (Debian package postgresql).");

    [GeneratedRegex(@"tps = ([\d.]+)")]
    private static partial Regex Tps();
}
