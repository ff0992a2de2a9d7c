using System.Text.Json.Serialization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Shop.Receipts.Orders;
using Shop.Receipts.Rendering;

namespace Shop.Receipts;

/// <summary>The route of receipts.</summary>
internal static class ReceiptsApi
{
    private const string Json = "application/json";

    public static void AddReceipts(this IHostApplicationBuilder builder)
    {
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, OrderJson.Default);
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        builder.Services.AddOpenApi("v1", openApi => openApi.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1);
    }

    public static void MapReceipts(this IEndpointRouteBuilder app)
    {
        app.MapOpenApi("/openapi/{documentName}.json");
        app.MapPost("/api/receipts", Render).WithName("RenderReceipt").WithTags("Receipts")
            .WithSummary("Make a receipt for an order")
            .WithDescription(
                "The body is an order as GET /api/ordering/orders/{id} answers it, or the event shop.ordering.order-completed.v1 as a CloudEvent, in binary or "
                + "structured mode. Nothing is kept. Accept says whether the receipt is a page or a PDF.")
            .Accepts<Order>(Json, CloudEvent.StructuredMode)
            .AddOpenApiOperationTransformer(DescribeEvents)
            .Produces<string>(StatusCodes.Status200OK, ReceiptFormat.Html, ReceiptFormat.Pdf)
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status406NotAcceptable)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);
    }

    // An endpoint can say one type of body.
    private static Task DescribeEvents(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (operation.RequestBody?.Content?.TryGetValue(CloudEvent.StructuredMode, out var structured) == true && structured is OpenApiMediaType media)
        {
            media.Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "A CloudEvent 1.0 of the type shop.ordering.order-completed.v1, with data or data_base64.",
                Required = new HashSet<string>(["specversion", "id", "source", "type"], StringComparer.Ordinal),
            };
        }

        return Task.CompletedTask;
    }

    private static async Task<IResult> Render(HttpContext http, ILogger<Order> log)
    {
        http.Response.Headers.Vary = "Accept";
        http.Response.Headers.CacheControl = "no-store";
        if (ReceiptFormat.Choose(http.Request.Headers.Accept) is not { } format)
        {
            return TypedResults.Problem($"A receipt is {ReceiptFormat.Html} or {ReceiptFormat.Pdf}.", statusCode: StatusCodes.Status406NotAcceptable);
        }

        // Routing takes every type that ends in +json for JSON.
        if (!OrderReader.CanRead(http.Request.ContentType))
        {
            return TypedResults.Problem($"An order is {Json}, an event {CloudEvent.StructuredMode}.", statusCode: StatusCodes.Status415UnsupportedMediaType);
        }

        var read = await OrderReader.ReadAsync(http.Request);
        if (read.Order is not { } order)
        {
            return TypedResults.ValidationProblem(read.Errors);
        }

        var receipt = Receipt.Of(order);
        ReceiptsLog.Rendered(log, format, receipt.Lines.Count);
        if (format == ReceiptFormat.Pdf)
        {
            http.Response.Headers.ContentDisposition = $"inline; filename=\"receipt-{receipt.OrderId:D}.pdf\"";
            return TypedResults.Bytes(PdfReceipt.Render(receipt), ReceiptFormat.Pdf);
        }

        http.Response.Headers.ContentSecurityPolicy = HtmlReceipt.ContentSecurityPolicy;
        return TypedResults.Text(HtmlReceipt.Render(receipt), ReceiptFormat.Html + "; charset=utf-8");
    }
}
