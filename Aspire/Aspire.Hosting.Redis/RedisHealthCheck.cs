using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace Aspire.Hosting;

/// <summary>Healthy when the server lets us in and answers PING. Keeps its connection from one check to the next.</summary>
/// <param name="connectionString">Gives the connection string, or <see langword="null"/> while it is not known.</param>
internal sealed class RedisHealthCheck(Func<string?> connectionString) : IHealthCheck, IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private ConnectionMultiplexer? _connection;
    private string? _connectedTo;

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
            var connection = await ConnectAsync(known, cancellationToken).ConfigureAwait(false);
            await connection.GetDatabase().PingAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ArgumentException)
        {
            await DisconnectAsync().ConfigureAwait(false);
            return new(context.Registration.FailureStatus, exception.Message, exception);
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

    private async Task<ConnectionMultiplexer> ConnectAsync(string known, CancellationToken cancellationToken)
    {
        if (_connection is not null && _connectedTo != known)
        {
            await DisconnectAsync().ConfigureAwait(false);
        }

        if (_connection is null)
        {
            var options = ConfigurationOptions.Parse(known);
            options.ConnectRetry = 1;
            options.ConnectTimeout = 2000;
            var connecting = ConnectionMultiplexer.ConnectAsync(options);
            try
            {
                _connection = await connecting.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // The client cannot be told to give up; nobody waits for it when the application stops.
                _ = connecting.ContinueWith(late => late.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
                throw;
            }

            _connectedTo = known;
        }

        return _connection;
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
