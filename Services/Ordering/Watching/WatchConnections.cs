using Npgsql;
using Shop.Ordering.Data;

namespace Shop.Ordering.Watching;

/// <summary>Connections that are not the requests': one that listens for as long as the service runs, one that notifies.</summary>
internal sealed class WatchConnections(IConfiguration configuration)
{
    /// <summary>Opens a connection; the caller closes it.</summary>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(configuration.GetConnectionString(OrderingDatabase.ConnectionName))
        {
            ApplicationName = "ordering watch",
            Pooling = false,

            // A server that vanished without a word would be listened to for ever.
            KeepAlive = 30,
        };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
