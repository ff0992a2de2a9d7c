namespace Shop.Identity.Tests;

/// <summary>The time as it will be.</summary>
public sealed class ShiftedTime : TimeProvider
{
    /// <summary>How far ahead it is.</summary>
    public TimeSpan Ahead { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;
}
