using Npgsql;

namespace Trellis.Hosting.Processes.Tests;

/// <summary>A client that writes row after row, whatever happens to the server, and remembers those that the server acknowledged.</summary>
internal sealed class RowWriter : IAsyncDisposable
{
    private readonly string _connectionString;
    private readonly NpgsqlDataSource _database;
    private readonly CancellationTokenSource _enough = new();
    private readonly HashSet<long> _acknowledged = [];
    private readonly Lock _lock = new();
    private Task _work = Task.CompletedTask;

    private RowWriter(string connectionString)
    {
        _connectionString = connectionString;
        _database = NpgsqlDataSource.Create(connectionString);
    }

    public int Acknowledged
    {
        get
        {
            lock (_lock)
            {
                return _acknowledged.Count;
            }
        }
    }

    public static async Task<RowWriter> StartAsync(string connectionString, string row = "")
    {
        var writer = new RowWriter(connectionString);
        await using var table = writer._database.CreateCommand("CREATE TABLE IF NOT EXISTS written (number bigint PRIMARY KEY, row text)");
        await table.ExecuteNonQueryAsync();
        writer._work = writer.WriteAsync(row);
        await writer.WritesAsync(100);
        return writer;
    }

    /// <summary>Waits until that many more rows are acknowledged.</summary>
    public Task WritesAsync(int more)
    {
        var enough = Acknowledged + more;
        return Eventually.TrueAsync(() => Acknowledged >= enough, $"{enough} rows are acknowledged, {Acknowledged} were");
    }

    /// <summary>Stops writing.</summary>
    public async Task StopAsync()
    {
        await _enough.CancelAsync();
        await _work;
    }

    /// <summary>Asserts that every acknowledged row is there.</summary>
    /// <param name="connectionString">Where to look, when the server has moved.</param>
    public async Task AssertNothingIsLostAsync(string? connectionString = null)
    {
        await StopAsync();
        var found = new HashSet<long>();
        await using var database = NpgsqlDataSource.Create(connectionString ?? _connectionString);
        await using var command = database.CreateCommand("SELECT number FROM written");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            found.Add(reader.GetInt64(0));
        }

        Assert.Empty(_acknowledged.Except(found));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _database.DisposeAsync();
        _enough.Dispose();
    }

    private async Task WriteAsync(string row)
    {
        for (var number = 0L; !_enough.IsCancellationRequested; number++)
        {
            try
            {
                await using var insert = _database.CreateCommand("INSERT INTO written VALUES ($1, $2)");
                insert.Parameters.AddWithValue(number);
                insert.Parameters.AddWithValue(row);
                await insert.ExecuteNonQueryAsync();
                lock (_lock)
                {
                    _acknowledged.Add(number);
                }
            }
            catch (NpgsqlException)
            {
                // Not acknowledged; the next one tries a new connection.
                await Task.Delay(10);
            }
        }
    }
}
