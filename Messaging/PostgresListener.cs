using Microsoft.Extensions.Logging;
using Npgsql;

namespace Trellis.Messaging;

/// <summary>Turns NOTIFY into a signal. While its connection is gone, polling does the work.</summary>
internal static partial class PostgresListener
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Listens until it is cancelled. The connections are closed by it.</summary>
    public static async Task RunAsync(
        string channel, Func<CancellationToken, Task<NpgsqlConnection>> connect, Action signal, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await connect(cancellationToken);
                connection.Notification += (_, _) => signal();
                await using (var command = new NpgsqlCommand($"LISTEN {channel}", connection))
                {
                    await command.ExecuteNonQueryAsync(cancellationToken);
                }

                // What came before this is not announced again.
                signal();
                while (true)
                {
                    await connection.WaitAsync(cancellationToken);
                }
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                LogLost(logger, channel, failure.GetBaseException().Message);
                await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception)
            {
                return;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Not listening to {Channel} ({Reason}); polling goes on")]
    private static partial void LogLost(ILogger logger, string channel, string reason);
}
