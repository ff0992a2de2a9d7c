namespace Trellis.Contracts.Tests;

/// <summary>A small OpenAPI document, of which tests replace pieces.</summary>
internal static class Contract
{
    public const string Document = """
        {
          "openapi": "3.1.1",
          "info": { "title": "Orders", "version": "1.0.0" },
          "paths": {
            "/orders": {
              "get": {
                "parameters": [
                  { "name": "state", "in": "query", "schema": { "enum": [ "open", "sent" ] } },
                  { "name": "size", "in": "query", "schema": { "type": "integer", "format": "int32", "minimum": 1, "maximum": 100 } }
                ],
                "responses": {
                  "200": { "description": "OK", "content": { "application/json": { "schema": { "type": "array", "items": { "$ref": "#/components/schemas/Order" } } } } },
                  "400": { "description": "Bad Request" }
                }
              },
              "post": {
                "security": [ { "token": [ "orders.write" ] } ],
                "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Draft" } } } },
                "responses": {
                  "201": { "description": "Created", "headers": { "Location": { "schema": { "type": "string" } } }, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Order" } } } }
                }
              }
            },
            "/orders/{id}": {
              "parameters": [ { "name": "id", "in": "path", "required": true, "schema": { "type": "string", "format": "uuid" } } ],
              "delete": { "responses": { "204": { "description": "No Content" } } }
            }
          },
          "components": {
            "schemas": {
              "Draft": {
                "type": "object", "required": [ "lines" ],
                "properties": {
                  "lines": { "type": "array", "minItems": 1, "maxItems": 50, "items": { "type": "string", "minLength": 1, "maxLength": 40 } },
                  "weight": { "type": "number" },
                  "note": { "type": [ "null", "string" ], "pattern": "^[a-z]*$" }
                }
              },
              "Order": {
                "type": "object", "required": [ "id", "total" ],
                "properties": {
                  "id": { "type": "string" }, "total": { "type": "integer", "format": "int64" }, "hint": { "type": "string" }, "state": { "enum": [ "open", "sent" ] },
                  "parent": { "oneOf": [ { "type": "null" }, { "$ref": "#/components/schemas/Order" } ] }
                }
              }
            },
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } }
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
