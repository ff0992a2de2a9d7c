namespace Shop.Fulfilment.Carrier;

/// <summary>An answer of the carrier.</summary>
/// <param name="Outcome">What it says.</param>
/// <param name="TrackingNumber">The carrier's number, of one that it has.</param>
/// <param name="At">When it took it.</param>
/// <param name="Reason">Why it refuses, or why the outcome is unknown.</param>
internal sealed record CarrierAnswer(CarrierOutcome Outcome, string? TrackingNumber = null, DateTimeOffset? At = null, string? Reason = null)
{
    public static CarrierAnswer Unknown(string reason) => new(CarrierOutcome.Unknown, Reason: reason);

    public static CarrierAnswer Refused(string reason) => new(CarrierOutcome.Refused, Reason: reason);
}
