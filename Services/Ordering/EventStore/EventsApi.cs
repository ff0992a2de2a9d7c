using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Shop.Ordering.EventStore;

/// <summary>What happened, for operators: without content, which is the customers'.</summary>
internal static class EventsApi
{
    public static IEndpointRouteBuilder MapEvents(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/ordering/events", Read).WithName("ReadEvents").WithTags("Events").RequireScope("operations.read")
            .WithSummary("Read what happened to all orders")
            .WithDescription("In one order, in which nothing appears behind a reader who has passed. Read on with next; it stays good for ever.")
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden);
        return app;
    }

    private static async Task<Results<Ok<EventPage>, ValidationProblem>> Read(
        EventLog log,
        CancellationToken cancellationToken,
        [Description("The next of the page before; without it, from the beginning.")]
        [StringLength(50)]
        string? after = null,
        [Description("The most events on the page.")]
        [Range(1, 1000)]
        int limit = 100)
    {
        EventPosition? position = EventPosition.Beginning;
        if (after is not null && !EventPosition.TryParse(after, out position))
        {
            return TypedResults.ValidationProblem([new("after", ["The field after must be the next of another page."])]);
        }

        var events = await log.ReadAsync(position, limit, cancellationToken);
        return TypedResults.Ok(new EventPage(
            [.. events.Select(RecordedEvent.Of)],
            events.Count > 0 ? new EventPosition(events[^1].TransactionId, events[^1].Position).ToString() : position.ToString()));
    }
}
