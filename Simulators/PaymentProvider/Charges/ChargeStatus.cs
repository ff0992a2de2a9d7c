namespace Shop.Simulators.PaymentProvider.Charges;

/// <summary>How far a charge is.</summary>
public enum ChargeStatus
{
    /// <summary>It will be one of the others; a callback tells.</summary>
    Pending,

    /// <summary>The money was taken.</summary>
    Succeeded,

    /// <summary>No money was taken, and none will be.</summary>
    Declined,
}
