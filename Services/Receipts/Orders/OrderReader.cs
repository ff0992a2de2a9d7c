using System.Text.Json;
using Microsoft.Net.Http.Headers;
using Shop.Ordering.Contract;

namespace Shop.Receipts.Orders;

/// <summary>Reads an order from a request: as it is, or as the event that it is completed.</summary>
internal static class OrderReader
{
    private const string Unreadable = "cannot be read; it is missing, of another type or not JSON";

    /// <summary>Whether a body of that type can be an order.</summary>
    public static bool CanRead(string? contentType) => MediaTypeHeaderValue.TryParse(contentType, out var type)
        && (Is(type, "application/json") || Is(type, CloudEvent.StructuredMode));

    /// <summary>Reads and checks.</summary>
    /// <returns>The order, or what is wrong by field.</returns>
    public static async Task<(Order? Order, Dictionary<string, string[]> Errors)> ReadAsync(HttpRequest request)
    {
        try
        {
            var order = await FindAsync(request);
            var errors = order.Errors.Count > 0 ? order.Errors : OrderRules.FailuresOf(order.Order);
            return (errors.Count == 0 ? order.Order : null, errors);
        }
        catch (JsonException unreadable)
        {
            // Its message names types of ours, and may repeat what was sent.
            return (null, Failure(FieldOf(unreadable.Path), Unreadable));
        }
    }

    /// <summary>One thing that is wrong.</summary>
    public static Dictionary<string, string[]> Failure(string field, string message) => new(StringComparer.Ordinal) { [field] = [message] };

    private static async Task<(Order? Order, Dictionary<string, string[]> Errors)> FindAsync(HttpRequest request)
    {
        var cancellation = request.HttpContext.RequestAborted;
        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && Is(type, CloudEvent.StructuredMode))
        {
            var envelope = await JsonSerializer.DeserializeAsync(request.Body, EventJson.Default.JsonElement, cancellation);
            var failures = CloudEvent.FailuresOf(envelope);
            if (failures.Count > 0)
            {
                return (null, failures);
            }

            return CloudEvent.TryGetData(envelope, out var data)
                ? (OrderOf(JsonSerializer.Deserialize(data.Span, EventJson.Default.OrderCompleted)), [])
                : (null, Failure("data", Unreadable));
        }

        if (CloudEvent.IsBinaryMode(request))
        {
            var failures = CloudEvent.FailuresOf(request.Headers);
            return failures.Count > 0
                ? (null, failures)
                : (OrderOf(await JsonSerializer.DeserializeAsync(request.Body, EventJson.Default.OrderCompleted, cancellation)), failures);
        }

        return (await JsonSerializer.DeserializeAsync(request.Body, OrderJson.Default.Order, cancellation), []);
    }

    // The customer of the event is an identifier, not a name: nothing for a receipt.
    private static Order? OrderOf(OrderCompleted? completed) => completed is null ? null : new Order(
        completed.OrderId,
        completed.CompletedAt,
        completed.Lines is null ? null : [.. completed.Lines.Select(line => line is null ? null : new OrderLine(line.Name, line.Quantity, PriceOf(line.UnitPrice)))],
        PriceOf(completed.Total));

    private static Price? PriceOf(Money? money) => money is null ? null : new Price(money.Amount, money.Currency);

    private static bool Is(MediaTypeHeaderValue type, string mediaType) => type.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase);

    private static string FieldOf(string? path) => path is null ? "" : path.TrimStart('$').TrimStart('.');
}
