using System.Text;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard.Wire;

namespace Aspire.Hosting.Dashboard;

/// <summary>
/// Cuts what is sent into messages that the dashboard accepts: a gRPC client refuses one of more than 4 MiB and ends the stream.
/// </summary>
internal static class MessageSize
{
    /// <summary>The size in bytes that a message is filled to; the rest of the 4 MiB is room for the last item and the framing.</summary>
    public const int Target = 1024 * 1024;

    /// <summary>The most characters of a log line that are sent; of a longer one the beginning is.</summary>
    public const int LongestLine = 256 * 1024;

    /// <summary>Splits items so that each part, by <paramref name="sizeOf"/>, holds at most <see cref="Target"/> bytes or a single item.</summary>
    public static IEnumerable<List<T>> Split<T>(IEnumerable<T> items, Func<T, int> sizeOf)
    {
        var part = new List<T>();
        var size = 0;
        foreach (var item in items)
        {
            var itemSize = sizeOf(item);
            if (part.Count > 0 && size + itemSize > Target)
            {
                yield return part;
                part = [];
                size = 0;
            }

            part.Add(item);
            size += itemSize;
        }

        if (part.Count > 0)
        {
            yield return part;
        }
    }

    /// <summary>Turns log lines into as few messages as their size allows.</summary>
    public static IEnumerable<WatchResourceConsoleLogsUpdate> ToUpdates(IReadOnlyList<LogLine> lines)
    {
        foreach (var part in Split(lines, line => Encoding.UTF8.GetByteCount(Shorten(line.Content))))
        {
            var update = new WatchResourceConsoleLogsUpdate();
            update.LogLines.AddRange(part.Select(line =>
                new ConsoleLogLine { LineNumber = line.LineNumber, Text = Shorten(line.Content), IsStdErr = line.IsErrorMessage }));
            yield return update;
        }
    }

    private static string Shorten(string line) => line.Length <= LongestLine ? line : line[..LongestLine];
}
