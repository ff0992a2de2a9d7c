using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Trellis.Messaging.Transport.RabbitMQ;

/// <summary>
/// Opens connections. The client's own recovery is off: it would bring back consumers with places in queues that are no longer theirs, so
/// publishers and receivers begin anew with a new connection.
/// </summary>
internal sealed class RabbitConnections
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ClosingPatience = TimeSpan.FromSeconds(1);

    private readonly ConnectionFactory _factory;

    public RabbitConnections(string uri, string clientName, TimeSpan lease)
    {
        _factory = new ConnectionFactory
        {
            Uri = new Uri(uri),
            ClientProvidedName = clientName,
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            ContinuationTimeout = Patience,
            HandshakeContinuationTimeout = Patience,
            RequestedConnectionTimeout = Patience,

            // The broker drops who is silent for twice as long.
            RequestedHeartbeat = TimeSpan.FromSeconds(Math.Clamp(Math.Floor(lease.TotalSeconds / 2), 1, 60)),
        };
    }

    public async Task<IConnection> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _factory.CreateConnectionAsync(cancellationToken);
        }
        catch (Exception failure) when (IsAbsence(failure))
        {
            throw Unavailable(failure);
        }
    }

    public static async Task CloseAsync(IConnection? connection)
    {
        if (connection is not null)
        {
            await connection.AbortAsync(Constants.ReplySuccess, "Goodbye", ClosingPatience);
            await connection.DisposeAsync();
        }
    }

    /// <summary>Runs something, and says so when the broker does not answer or has closed the connection or channel.</summary>
    public static async Task<TResult> CallAsync<TResult>(Func<Task<TResult>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception failure) when (IsAbsence(failure))
        {
            throw Unavailable(failure);
        }
    }

    public static TransportUnavailableException Unavailable(Exception failure)
        => new($"RabbitMQ does not answer: {failure.GetBaseException().Message}", failure);

    public static bool IsAbsence(Exception failure) => failure is RabbitMQClientException or IOException or TimeoutException or ObjectDisposedException
        or System.Net.Sockets.SocketException;
}
