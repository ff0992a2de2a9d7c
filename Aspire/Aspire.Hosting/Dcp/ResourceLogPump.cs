using System.Text.Json;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Dcp;

/// <summary>Copies what processes write into their resources' logs.</summary>
internal sealed class ResourceLogPump(ResourceLoggerService loggers, TimeProvider time)
{
    /// <summary>Copies output and errors until the process has ended, and why it did not start if it did not.</summary>
    public Task CopyAsync<T>(DcpClient client, string id, CancellationToken cancellationToken)
        where T : class, IDcpWorkload<T> => Task.WhenAll(T.Logs.Select(log => CopyAsync<T>(client, id, log.Source, log.IsError, cancellationToken)));

    /// <summary>Copies what DCP says about a process that it could not start.</summary>
    public async Task CopyStartFailureAsync<T>(DcpClient client, string id, CancellationToken cancellationToken)
        where T : class, IDcpWorkload<T>
    {
        try
        {
            await foreach (var line in client.ReadLogAsync<T>(id, DcpLogSource.System, follow: false, cancellationToken))
            {
                if (ErrorOf(line.Text) is { } error)
                {
                    loggers.Append(id, time.GetUtcNow(), error, isError: true);
                }
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or DcpException or OperationCanceledException)
        {
            // The object or DCP is gone: nobody asks for the reason any more.
        }
    }

    private async Task CopyAsync<T>(DcpClient client, string id, DcpLogSource source, bool isError, CancellationToken cancellationToken)
        where T : class, IDcpWorkload<T>
    {
        try
        {
            await foreach (var line in client.ReadLogAsync<T>(id, source, follow: true, cancellationToken))
            {
                loggers.Append(id, line.Timestamp ?? time.GetUtcNow(), line.Text, isError);
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or DcpException or OperationCanceledException)
        {
            // The object or DCP is gone, and the log with it.
        }
    }

    // DCP's own lines: time, level, source, message and a JSON object, separated by tabs.
    private static string? ErrorOf(string line)
    {
        var fields = line.Split('\t');
        if (fields is not [_, "error", _, var message, ..])
        {
            return null;
        }

        try
        {
            using var details = JsonDocument.Parse(fields[^1]);
            return details.RootElement.TryGetProperty("error", out var error) ? $"{message}: {error}" : message;
        }
        catch (JsonException)
        {
            return message;
        }
    }
}
