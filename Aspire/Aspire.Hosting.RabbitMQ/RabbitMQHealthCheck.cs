using Microsoft.Extensions.Diagnostics.HealthChecks;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Aspire.Hosting;

/// <summary>Healthy when the server lets us in over AMQP. Keeps its connection from one check to the next.</summary>
/// <param name="connectionString">Gives the connection string, or <see langword="null"/> while it is not known.</param>
internal sealed class RabbitMQHealthCheck(Func<string?> connectionString) : IHealthCheck, IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private IConnection? _connection;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (connectionString() is not { } known)
        {
            return new(context.Registration.FailureStatus, "The connection string is not known yet.");
        }

        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_connection is not { IsOpen: true })
            {
                await DisconnectAsync().ConfigureAwait(false);
                var factory = new ConnectionFactory
                {
                    Uri = new Uri(known),
                    AutomaticRecoveryEnabled = false,
                    RequestedConnectionTimeout = TimeSpan.FromSeconds(2),
                    ClientProvidedName = "health",
                };
                _connection = await factory.CreateConnectionAsync(cancellationToken).ConfigureAwait(false);
            }

            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is RabbitMQClientException or IOException or TimeoutException or UriFormatException)
        {
            // The outer exception says only that no endpoint could be reached.
            return new(context.Registration.FailureStatus, exception.GetBaseException().Message, exception);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await DisconnectAsync().ConfigureAwait(false);
        _gate.Dispose();
    }

    private async Task DisconnectAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }
}
