namespace Shop.Payments.Charging;

/// <summary>How far an order's payment is. The numbers are stored.</summary>
public enum PaymentState
{
    /// <summary>The provider knows nothing of it.</summary>
    Waiting = 1,

    /// <summary>The provider may have been asked. Until its answer is known the order is neither paid nor declined.</summary>
    Charging = 2,

    /// <summary>The order is charged.</summary>
    Captured = 3,

    /// <summary>The provider has declined: nothing is charged and nothing will be.</summary>
    Declined = 4,

    /// <summary>It was asked that the order end uncharged, and it is.</summary>
    Refunded = 5,
}
