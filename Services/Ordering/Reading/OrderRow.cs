using System.Text.Json;
using Shop.Ordering.Orders;

namespace Shop.Ordering.Reading;

/// <summary>An order as it is read: written with every event, in its transaction, from nothing but the events.</summary>
public sealed class OrderRow
{
    public required Guid Id { get; init; }

    /// <summary>The subject of the token it was placed with; nobody else sees it.</summary>
    public required string Customer { get; init; }

    /// <summary>How many events there were.</summary>
    public required int Version { get; init; }

    public required OrderStatus Status { get; init; }

    public required DateTimeOffset PlacedAt { get; init; }

    /// <summary>What the API shows, JSON.</summary>
    public required string Document { get; init; }

    internal static OrderRow Of(OrderState order) => new()
    {
        Id = order.Id,
        Customer = order.Customer,
        Version = order.Version,
        Status = order.Status,
        PlacedAt = order.Timeline[0].At,
        Document = JsonSerializer.Serialize(OrderDetails.Of(order), JsonSerializerOptions.Web),
    };

    internal OrderDetails Read() => JsonSerializer.Deserialize<OrderDetails>(Document, JsonSerializerOptions.Web)!;
}
