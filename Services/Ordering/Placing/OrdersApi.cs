using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Shop.Ordering.Reading;
using Shop.Ordering.Watching;
using Trellis.ServiceDefaults.Idempotency;

namespace Shop.Ordering.Placing;

/// <summary>The orders' routes. A caller sees the orders of the subject of the token, and no others.</summary>
internal static class OrdersApi
{
    private const string OneOrder = "/{id:guid}";
    private const string Root = "/api/ordering/orders";

    public static IServiceCollection AddOrders(this IServiceCollection services) => services
        .Configure<ProblemDetailsOptions>(problems => problems.CustomizeProblemDetails += FieldNames.AsSent)
        .ConfigureHttpJsonOptions(json => json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict)
        .AddScoped<Basket>()
        .AddScoped<OrderPlacement>()
        .AddScoped<OrderCancellation>()
        .AddScoped<OrderReader>();

    public static IEndpointRouteBuilder MapOrders(this IEndpointRouteBuilder app)
    {
        var orders = app.MapGroup(Root).WithTags("Orders").RequireScope("orders")
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden);

        orders.MapPost("", Place).WithName("PlaceOrder").RequireIdempotencyKey()
            .WithSummary("Place an order")
            .WithDescription("Needs the header Idempotency-Key: the same key and body get the same answer, the same key with another body gets 422. "
                + "409 names the products whose price is not the one that was seen, 422 those that are not sold here; 503 while prices cannot be asked for.")
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        orders.MapGet("", List).WithName("ListOrders")
            .WithSummary("List your orders")
            .WithDescription("The newest first.")
            .ProducesValidationProblem();
        orders.MapGet(OneOrder, Get).WithName("GetOrder")
            .WithSummary("Get one of your orders")
            .ProducesProblem(StatusCodes.Status404NotFound);
        orders.MapPost(OneOrder + "/cancel", Cancel).WithName("CancelOrder")
            .WithSummary("Cancel an order")
            .WithDescription("While it has not left the house. What was done for it is undone: watch the order to see when. A shipment that has left all the same is delivered. "
                + "Cancelling again has no second effect.")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        orders.MapGet(OneOrder + "/watch", Watch).WithName("WatchOrder")
            .WithSummary("Watch an order over a WebSocket")
            .WithDescription("One JSON message for each status, the current one first: {orderId, number, status, at, reason}. After an interruption, ?after=<number> brings all since that one. "
                + "Closed with 1000 after the last status, with 1001 when the service stops: then come back.")
            .Produces(StatusCodes.Status101SwitchingProtocols)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status426UpgradeRequired)
            .DisableRequestTimeout();
        return app;
    }

    private static async Task<Results<Accepted<AcceptedOrder>, ProblemHttpResult>> Place(
        OrderDraft draft, ClaimsPrincipal user, IdempotentRequest request, OrderPlacement placement, HttpResponse response, CancellationToken cancellationToken)
    {
        var (order, problem) = await placement.PlaceAsync(draft, CustomerOf(user), request, response, cancellationToken);
        return problem is null ? TypedResults.Accepted($"{Root}/{order!.Id}", order) : problem;
    }

    private static async Task<Ok<OrderPage>> List(
        ClaimsPrincipal user,
        OrderReader orders,
        CancellationToken cancellationToken,
        [Description("The page, counted from 1.")]
        [Range(1, 1_000_000)]
        int page = 1,
        [Description("The most items on the page.")]
        [Range(1, 100)]
        int pageSize = 20) =>
        TypedResults.Ok(await orders.ListAsync(CustomerOf(user), page, pageSize, cancellationToken));

    private static async Task<Results<Ok<OrderDetails>, ProblemHttpResult>> Get(Guid id, ClaimsPrincipal user, OrderReader orders, CancellationToken cancellationToken) =>
        await orders.FindAsync(id, CustomerOf(user), cancellationToken) is { } row ? TypedResults.Ok(row.Read()) : NoSuchOrder(id);

    private static async Task<Results<Accepted<AcceptedOrder>, ProblemHttpResult>> Cancel(
        Guid id, ClaimsPrincipal user, OrderCancellation cancellation, CancellationToken cancellationToken)
    {
        var status = await cancellation.CancelAsync(id, CustomerOf(user), cancellationToken);
        return status switch
        {
            null => NoSuchOrder(id),
            Orders.OrderStatus.Shipped or Orders.OrderStatus.Completed or Orders.OrderStatus.Rejected => TypedResults.Problem(
                $"The order is {status} and cannot be cancelled.", statusCode: StatusCodes.Status409Conflict),
            _ => TypedResults.Accepted($"{Root}/{id}", new AcceptedOrder(id, status.Value)),
        };
    }

    private static async Task<Results<EmptyHttpResult, ProblemHttpResult>> Watch(
        Guid id,
        HttpContext http,
        ClaimsPrincipal user,
        OrderReader orders,
        OrderFeed feed,
        OrderWatch watch,
        CancellationToken cancellationToken,
        [Description("The number of the last status that was seen.")]
        [Range(0, 1_000_000)]
        int? after = null)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            http.Response.Headers.Upgrade = "websocket";
            return TypedResults.Problem("This address speaks WebSocket.", statusCode: StatusCodes.Status426UpgradeRequired);
        }

        using var subscription = feed.Subscribe(id);
        if (await orders.FindAsync(id, CustomerOf(user), cancellationToken) is not { } row)
        {
            return NoSuchOrder(id);
        }

        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        await watch.RunAsync(socket, row, subscription, after, cancellationToken);
        return TypedResults.Empty;
    }

    private static string CustomerOf(ClaimsPrincipal user) => user.FindFirstValue("sub") is { Length: > 0 } subject
        ? subject
        : throw new BadHttpRequestException("The access token has no subject, so nobody can own the order.", StatusCodes.Status403Forbidden);

    private static ProblemHttpResult NoSuchOrder(Guid id) => TypedResults.Problem($"You have no order {id}.", statusCode: StatusCodes.Status404NotFound);
}
