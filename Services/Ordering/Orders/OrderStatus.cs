using System.Text.Json.Serialization;

namespace Shop.Ordering.Orders;

/// <summary>How far an order is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OrderStatus>))]
public enum OrderStatus
{
    /// <summary>Accepted; the inventory is asked for the pieces.</summary>
    Submitted,

    /// <summary>The pieces are held; the payment is under way.</summary>
    StockReserved,

    /// <summary>Paid; the shipment is under way.</summary>
    Paid,

    /// <summary>It has left the house.</summary>
    Shipped,

    /// <summary>Done. Final.</summary>
    Completed,

    /// <summary>There were too few pieces. Final.</summary>
    Rejected,

    /// <summary>The payment was refused; the pieces are given back.</summary>
    PaymentDeclined,

    /// <summary>Given up; what was done for it is being undone.</summary>
    Cancelling,

    /// <summary>Given up, and all undone. Final.</summary>
    Cancelled,
}
