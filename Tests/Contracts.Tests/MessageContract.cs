namespace Trellis.Contracts.Tests;

/// <summary>A small AsyncAPI document, of which tests replace pieces: a service that publishes an event, takes a command and listens to another's event.</summary>
internal static class MessageContract
{
    public const string Document = """
        {
          "asyncapi": "3.0.0",
          "info": { "title": "Shop.Orders", "version": "1.0.0" },
          "channels": {
            "shop.orders.placed.v1": { "address": "shop.orders.placed.v1" },
            "shop.orders.cancel.v1": { "address": "shop.orders.cancel.v1" },
            "shop.stock.gone.v1": { "address": "shop.stock.gone.v1" }
          },
          "operations": {
            "send-shop.orders.placed.v1": { "action": "send", "channel": { "$ref": "#/channels/shop.orders.placed.v1" } },
            "receive-shop.orders.cancel.v1": { "action": "receive", "channel": { "$ref": "#/channels/shop.orders.cancel.v1" } },
            "receive-shop.stock.gone.v1": { "action": "receive", "channel": { "$ref": "#/channels/shop.stock.gone.v1" } }
          },
          "components": {
            "schemas": {
              "CloudEvent": {
                "type": "object", "required": [ "id" ],
                "properties": { "id": { "type": "string" }, "partitionkey": { "type": "string" } }
              },
              "shop.orders.placed.v1": {
                "type": "object", "required": [ "orderId", "total", "state", "lines" ],
                "properties": {
                  "orderId": { "type": "string", "format": "uuid" },
                  "total": { "type": "integer", "format": "int32" },
                  "state": { "enum": [ "open", "paid" ] },
                  "note": { "type": [ "string", "null" ] },
                  "lines": { "type": "array", "items": { "type": "object", "required": [ "product" ], "properties": { "product": { "type": "string" }, "parts": { "$ref": "#/components/schemas/shop.orders.placed.v1/properties/lines" } } } }
                }
              },
              "shop.orders.cancel.v1": {
                "type": "object", "required": [ "orderId" ],
                "properties": { "orderId": { "type": "string", "format": "uuid" }, "reason": { "type": [ "string", "null" ] } }
              },
              "shop.stock.gone.v1": { "type": "object", "properties": { "product": { "type": "string" } } }
            }
          }
        }
        """;

    /// <summary>The document with one piece of its text replaced.</summary>
    public static string With(string piece, string replacement)
    {
        Assert.Contains(piece, Document, StringComparison.Ordinal);
        return Document.Replace(piece, replacement, StringComparison.Ordinal);
    }
}
