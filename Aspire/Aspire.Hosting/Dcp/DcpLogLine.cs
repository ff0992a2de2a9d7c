using System.Globalization;

namespace Aspire.Hosting.Dcp;

/// <summary>The streams that DCP keeps of an executable.</summary>
internal enum DcpLogSource
{
    StandardOutput,
    StandardError,

    /// <summary>What the container engine writes while it fetches or builds the image and creates the container.</summary>
    StartupStandardOutput,

    /// <summary>The same, as errors; progress is among it.</summary>
    StartupStandardError,

    /// <summary>What DCP itself has to say, above all why a process did not start.</summary>
    System,
}

/// <summary>A line of an executable's log.</summary>
/// <param name="Number">Its number in its stream, from 1.</param>
/// <param name="Timestamp">When DCP read it; null when DCP gave none.</param>
/// <param name="Text">The line without number and timestamp, possibly with terminal escapes.</param>
internal readonly record struct DcpLogLine(long Number, DateTimeOffset? Timestamp, string Text)
{
    /// <summary>
    /// Takes <c>N &lt;RFC 3339&gt; text</c> apart, or <c>&lt;RFC 3339&gt; text</c>, as the container engine numbers no lines; what does not have
    /// that shape is text.
    /// </summary>
    public static DcpLogLine Parse(string line)
    {
        var numberEnd = line.IndexOf(' ', StringComparison.Ordinal);
        if (numberEnd <= 0 || !long.TryParse(line.AsSpan(0, numberEnd), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return StartsWithTime(line) ? WithTime(0, line) : new DcpLogLine(0, null, line);
        }

        return WithTime(number, line.AsSpan(numberEnd + 1));
    }

    // To the second at least: a line that begins with a date is text.
    private static bool StartsWithTime(string line) => line.Length > "0000-00-00T00:00:00".Length && line[4] == '-' && line[10] == 'T' && line[13] == ':';

    private static DcpLogLine WithTime(long number, ReadOnlySpan<char> rest)
    {
        var timeEnd = rest.IndexOf(' ');
        var time = timeEnd < 0 ? rest : rest[..timeEnd];
        return DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var timestamp)
            ? new DcpLogLine(number, timestamp, timeEnd < 0 ? string.Empty : rest[(timeEnd + 1)..].ToString())
            : new DcpLogLine(number, null, rest.ToString());
    }
}
