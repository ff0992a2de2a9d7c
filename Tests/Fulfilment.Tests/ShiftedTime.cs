namespace Shop.Fulfilment.Tests;

/// <summary>A clock that began at some other time when the test did, and goes on from there.</summary>
internal sealed class ShiftedTime(DateTimeOffset beginning) : TimeProvider
{
    private readonly TimeSpan _shift = beginning - System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _shift;
}
