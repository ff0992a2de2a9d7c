using System.Security.Cryptography;

namespace Trellis.Messaging;

/// <summary>Pauses that double, with jitter so that many who failed together do not come back together.</summary>
internal static class BackOff
{
    /// <summary>The pause after a number of failures in a row (1 is the first): between half and all of first * 2^(failures-1).</summary>
    public static TimeSpan After(int failures, TimeSpan first, TimeSpan longest)
    {
        var full = Math.Min(first.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 30)), longest.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(full * (0.5 + (RandomNumberGenerator.GetInt32(1001) / 2000.0)));
    }
}
