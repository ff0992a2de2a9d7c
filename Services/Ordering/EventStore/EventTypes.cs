using System.Text.Json;
using Shop.Ordering.Orders;

namespace Shop.Ordering.EventStore;

/// <summary>The names under which facts are stored. They stay, whatever the code calls them.</summary>
internal static class EventTypes
{
    private static readonly Dictionary<string, Type> Types = new(StringComparer.Ordinal)
    {
        ["order-placed"] = typeof(OrderPlaced),
        ["stock-held"] = typeof(StockHeld),
        ["stock-refused"] = typeof(StockRefused),
        ["payment-taken"] = typeof(PaymentTaken),
        ["payment-refused"] = typeof(PaymentRefused),
        ["shipment-left"] = typeof(ShipmentLeft),
        ["cancellation-begun"] = typeof(CancellationBegun),
        ["shipment-stopped"] = typeof(ShipmentStopped),
        ["stock-freed"] = typeof(StockFreed),
        ["payment-taken-late"] = typeof(PaymentTakenLate),
        ["payment-returned"] = typeof(PaymentReturned),
        ["order-given-up"] = typeof(OrderGivenUp),
        ["order-finished"] = typeof(OrderFinished),
    };

    private static readonly Dictionary<Type, string> Names = Types.ToDictionary(type => type.Value, type => type.Key);

    public static IReadOnlyCollection<Type> All => Types.Values;

    public static (string Type, string Data) Write(OrderFact fact) =>
        (Names[fact.GetType()], JsonSerializer.Serialize(fact, fact.GetType(), JsonSerializerOptions.Web));

    public static OrderFact Read(string type, string data) => Types.TryGetValue(type, out var known)
        ? (OrderFact)JsonSerializer.Deserialize(data, known, JsonSerializerOptions.Web)!
        : throw new InvalidOperationException($"This version of the service does not know events of type '{type}'.");
}
