using System.Globalization;
using System.Text.Json.Nodes;

namespace Shop.Receipts.Tests;

/// <summary>Orders as they are sent.</summary>
internal static class Orders
{
    public const string Id = "0198f6b5-3c5d-7b1e-9a51-0d5d2c1f4a11";

    /// <summary>An order of 2 chairs and 1 lamp, as the ordering service answers it.</summary>
    public static JsonObject Paid() => JsonNode.Parse(
        $$$"""
          {"id":"{{{Id}}}","status":"Completed","placedAt":"2026-03-01T12:30:00+01:00","trackingNumber":"T1","timeline":[],
           "lines":[{"productId":"0198f6b5-3c5d-7b1e-9a51-0d5d2c1f4a12","name":"Bürostuhl „Łódź“","quantity":2,"unitPrice":{"amount":62475,"currency":"EUR"}},
                    {"productId":"0198f6b5-3c5d-7b1e-9a51-0d5d2c1f4a13","name":"Лампа","quantity":1,"unitPrice":{"amount":999,"currency":"EUR"}}],
           "total":{"amount":125949,"currency":"EUR"},
           "shippingAddress":{"name":"Zoë O'Brien-Ångström","street":"Rue 1","postalCode":"75001","city":"Paris","country":"FR"}}
          """)!.AsObject();

    /// <summary>The event that it is completed.</summary>
    public static JsonObject Completed()
    {
        var order = Paid();
        return new JsonObject
        {
            ["orderId"] = Id,
            ["customer"] = "customer-4711",
            ["lines"] = order["lines"]!.DeepClone(),
            ["total"] = order["total"]!.DeepClone(),
            ["completedAt"] = "2026-03-02T08:00:00Z",
        };
    }

    /// <summary>A CloudEvent in structured mode.</summary>
    public static JsonObject Envelope() => new()
    {
        ["specversion"] = "1.0",
        ["id"] = "1",
        ["source"] = "/ordering",
        ["type"] = "shop.ordering.order-completed.v1",
        ["data"] = Completed(),
    };

    /// <summary>An order with as many lines, each with its own letters.</summary>
    public static JsonObject Long(int lines)
    {
        var order = Paid();
        order["lines"] = new JsonArray([.. Enumerable.Range(0, lines).Select(index => (JsonNode)new JsonObject
        {
            ["name"] = string.Create(CultureInfo.InvariantCulture, $"Product {index} {(char)('\u0400' + (index % 250))}{(char)('\u0100' + (index % 250))} with a name that needs a second line and then some"),
            ["quantity"] = 1,
            ["unitPrice"] = new JsonObject { ["amount"] = 100, ["currency"] = "EUR" },
        })]);
        order["total"]!["amount"] = lines * 100;
        return order;
    }
}
