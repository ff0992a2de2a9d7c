namespace Shop.Simulators.Carrier.Faults;

/// <summary>The fault switches, and the dice.</summary>
internal sealed class FaultSwitches
{
    private volatile FaultSettings _current = new();

    public FaultSettings Current
    {
        get => _current;
        set => _current = value;
    }

    public static bool Happens(double rate) => rate > 0 && Random.Shared.NextDouble() < rate;
}
