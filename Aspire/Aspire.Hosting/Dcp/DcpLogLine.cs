using System.Globalization;

namespace Aspire.Hosting.Dcp;

/// <summary>The streams that DCP keeps of an executable.</summary>
internal enum DcpLogSource
{
    StandardOutput,
    StandardError,

    /// <summary>What DCP itself has to say, above all why a process did not start.</summary>
    System,
}

/// <summary>A line of an executable's log.</summary>
/// <param name="Number">Its number in its stream, from 1.</param>
/// <param name="Timestamp">When DCP read it; null when DCP gave none.</param>
/// <param name="Text">The line without number and timestamp, possibly with terminal escapes.</param>
internal readonly record struct DcpLogLine(long Number, DateTimeOffset? Timestamp, string Text)
{
    /// <summary>Takes <c>N &lt;RFC 3339&gt; text</c> apart; what does not have that shape is text.</summary>
    public static DcpLogLine Parse(string line)
    {
        var numberEnd = line.IndexOf(' ', StringComparison.Ordinal);
        if (numberEnd <= 0 || !long.TryParse(line.AsSpan(0, numberEnd), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return new DcpLogLine(0, null, line);
        }

        var rest = line.AsSpan(numberEnd + 1);
        var timeEnd = rest.IndexOf(' ');
        var time = timeEnd < 0 ? rest : rest[..timeEnd];
        return DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var timestamp)
            ? new DcpLogLine(number, timestamp, timeEnd < 0 ? string.Empty : rest[(timeEnd + 1)..].ToString())
            : new DcpLogLine(number, null, rest.ToString());
    }
}
