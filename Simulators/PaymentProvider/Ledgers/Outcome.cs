namespace Shop.Simulators.PaymentProvider.Ledgers;

/// <summary>What came of a request: a value, or the reason why not.</summary>
internal sealed record Outcome<T>(T? Value, Refusal? Refusal)
    where T : class
{
    public static implicit operator Outcome<T>(T value) => new(value, Refusal: null);

    public static implicit operator Outcome<T>(Refusal refusal) => new(Value: null, refusal);
}
