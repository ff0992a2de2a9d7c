namespace Shop.Payments.Provider;

/// <summary>An answer of the provider, whichever way it came.</summary>
/// <param name="Outcome">What it says.</param>
/// <param name="ChargeId">The provider's id of the charge, if there is one.</param>
/// <param name="Amount">What was captured or refunded, in minor units.</param>
/// <param name="Reason">Why it was declined, or is still open.</param>
internal sealed record ProviderAnswer(ProviderOutcome Outcome, string? ChargeId, long Amount, string? Reason)
{
    public static ProviderAnswer Open(string reason) => new(ProviderOutcome.Open, ChargeId: null, Amount: 0, reason);

    public static ProviderAnswer Declined(string? chargeId, string reason) => new(ProviderOutcome.Declined, chargeId, Amount: 0, reason);
}
