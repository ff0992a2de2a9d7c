namespace Shop.Simulators.PaymentProvider.Ledgers;

/// <summary>What an entry of the journal says.</summary>
public enum EntryKind
{
    /// <summary>A charge was asked for.</summary>
    Charge,

    /// <summary>A pending charge has succeeded or was declined.</summary>
    Settlement,

    /// <summary>Money was given back.</summary>
    Refund,

    /// <summary>A callback was taken.</summary>
    CallbackDelivered,
}
