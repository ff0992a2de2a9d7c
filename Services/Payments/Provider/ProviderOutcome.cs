namespace Shop.Payments.Provider;

/// <summary>What the provider says about a charge.</summary>
internal enum ProviderOutcome
{
    /// <summary>It is not known yet, by the provider or by us.</summary>
    Open,

    /// <summary>The money was taken.</summary>
    Captured,

    /// <summary>No money was taken, and none will be.</summary>
    Declined,

    /// <summary>All of the money was given back.</summary>
    Refunded,
}
