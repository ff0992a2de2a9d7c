using Shop.Payments.Charging;

namespace Shop.Payments.Provider;

/// <summary>A charge as the provider shows it.</summary>
/// <param name="Id">The provider's id.</param>
/// <param name="Reference">What we called it: the order's id.</param>
/// <param name="Amount">In minor units.</param>
/// <param name="AmountRefunded">How much of it was given back.</param>
/// <param name="Status"><c>pending</c>, <c>succeeded</c> or <c>declined</c>.</param>
/// <param name="DeclineReason">The provider's word for why it was declined.</param>
internal sealed record ProviderCharge(string Id, string Reference, long Amount, long AmountRefunded, string Status, string? DeclineReason)
{
    /// <summary>What the charge says about the payment.</summary>
    public ProviderAnswer ToAnswer() => Status switch
    {
        _ when Id is not { Length: > 0 and <= Payment.LongestText } => ProviderAnswer.Open("unreadable"),
        "succeeded" => new(ProviderOutcome.Captured, Id, Amount, Reason: null),
        "declined" => ProviderAnswer.Declined(Id, Explain(DeclineReason)),
        // One that we do not know may become anything.
        _ => ProviderAnswer.Open(Status == "pending" ? Status : "unreadable"),
    };

    /// <summary>What the charge says about its refund.</summary>
    public ProviderAnswer ToRefundAnswer() => Status == "succeeded" && AmountRefunded == Amount
        ? new(ProviderOutcome.Refunded, Id, AmountRefunded, Reason: null)
        : ProviderAnswer.Open("not-refunded");

    // The customer reads it, so only what we know is passed on.
    private static string Explain(string? reason) => reason switch
    {
        "insufficient_funds" => "There are not enough funds.",
        _ => "The payment was declined.",
    };
}
