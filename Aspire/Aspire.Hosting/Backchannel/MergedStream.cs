using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Aspire.Hosting.Backchannel;

/// <summary>Several streams as one.</summary>
internal static class MergedStream
{
    /// <summary>All items in the order in which they come. It ends when all streams have ended, and with the first that fails.</summary>
    /// <param name="open">Opens the streams with a token that is cancelled when the reader leaves.</param>
    /// <param name="cancellationToken">Ends it like an end of all streams.</param>
    public static async IAsyncEnumerable<T> ReadAsync<T>(
        Func<CancellationToken, IReadOnlyList<IAsyncEnumerable<T>>> open, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var merged = Channel.CreateUnbounded<T>();
        var pumps = Task.WhenAll(open(reading.Token).Select(stream => PumpAsync(stream, merged.Writer, reading.Token)))
            .ContinueWith(all => merged.Writer.TryComplete(all.Exception?.InnerException), TaskScheduler.Default);
        try
        {
            await foreach (var item in merged.Reader.ReadAllAsync(CancellationToken.None))
            {
                yield return item;
            }
        }
        finally
        {
            await reading.CancelAsync();
            await pumps;
        }
    }

    private static async Task PumpAsync<T>(IAsyncEnumerable<T> stream, ChannelWriter<T> merged, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var item in stream)
            {
                merged.TryWrite(item);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // An end like any other.
        }
    }
}
