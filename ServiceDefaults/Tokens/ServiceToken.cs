namespace Trellis.ServiceDefaults.Tokens;

/// <summary>A token of the service's own.</summary>
/// <param name="Value">The token.</param>
/// <param name="From">When it was received.</param>
/// <param name="Until">When it ends.</param>
internal sealed record ServiceToken(string Value, DateTimeOffset From, DateTimeOffset Until)
{
    /// <summary>What a call may take until the token is looked at, and by how much clocks may differ.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    /// <summary>Whether a call that begins now may carry it.</summary>
    public bool IsGood(DateTimeOffset now) => now < Until - Shorter(Margin, 10);

    /// <summary>Whether there should be another one already. Early enough for more than one attempt.</summary>
    public bool IsOld(DateTimeOffset now) => now >= Until - Shorter(TimeSpan.FromMinutes(2), 4);

    private TimeSpan Shorter(TimeSpan time, int part) => (Until - From) / part is { } share && share < time ? share : time;
}
