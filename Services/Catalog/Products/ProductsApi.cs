using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Shop.Catalog.Products;

/// <summary>The products' routes.</summary>
internal static class ProductsApi
{
    private const string OneProduct = "/{id:guid}";

    public static IServiceCollection AddProducts(this IServiceCollection services) => services
        .Configure<ProblemDetailsOptions>(problems => problems.CustomizeProblemDetails += FieldNames.AsSent)
        .ConfigureHttpJsonOptions(json => json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict)
        .AddSingleton<ProductStore>()
        .AddSingleton<ProductCatalog>()
        .AddHostedService<ProductAnnouncement>();

    public static IEndpointRouteBuilder MapProducts(this IEndpointRouteBuilder app)
    {
        var products = app.MapGroup("/api/catalog/products").WithTags("Products");

        products.MapGet("", List).WithName("ListProducts").AllowAnonymous()
            .WithSummary("Search and browse products")
            .WithDescription("Best match first; without a search, by name. A category nobody uses has no products.")
            .ProducesValidationProblem();
        products.MapGet(OneProduct, Get).WithName("GetProduct").AllowAnonymous()
            .WithSummary("Get one product")
            .WithDescription("Carries a strong ETag; with If-None-Match it answers 304 while the product is unchanged.")
            .Produces(StatusCodes.Status304NotModified)
            .ProducesProblem(StatusCodes.Status404NotFound);

        var writes = products.MapGroup("").RequireScope("catalog.write")
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden);

        writes.MapPost("", Create).WithName("CreateProduct")
            .WithSummary("Add a product")
            .ProducesValidationProblem();
        writes.MapPut(OneProduct, Replace).WithName("ReplaceProduct")
            .WithSummary("Replace a product")
            .WithDescription("With If-Match only while the product is the one the client has seen; otherwise 412.")
            .ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);
        writes.MapDelete(OneProduct, Delete).WithName("DeleteProduct")
            .WithSummary("Delete a product")
            .WithDescription("With If-Match only while the product is the one the client has seen; otherwise 412.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed);

        return app;
    }

    private static async Task<Ok<ProductPage>> List(
        ProductCatalog catalog,
        CancellationToken cancellationToken,
        [Description("Words to look for. Understands \"quoted phrases\", -exclusions and or; the last word may be unfinished.")]
        [StringLength(200)]
        string? search = null,
        [Description("Only products of this category, for example office-chairs.")]
        [StringLength(60)]
        string? category = null,
        [Description("The page, counted from 1.")]
        [Range(1, 1_000_000)]
        int page = 1,
        [Description("The most items on the page.")]
        [Range(1, 100)]
        int pageSize = 20) =>
        TypedResults.Ok(await catalog.ListAsync(new ProductQuery(search, category, page, pageSize), cancellationToken));

    private static async Task<Results<Ok<ProductDetails>, StatusCodeHttpResult, ProblemHttpResult>> Get(
        Guid id, ProductCatalog catalog, HttpContext http, CancellationToken cancellationToken)
    {
        if (await catalog.FindAsync(id, cancellationToken) is not { } product)
        {
            return NoSuchProduct(id);
        }

        http.Response.Headers.ETag = EntityTags.Of(product);

        // A copy may be kept but must be asked about: the price on the page is the price in the catalogue.
        http.Response.Headers.CacheControl = "no-cache";
        return EntityTags.ClientHas(http.Request, product)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(product.Details);
    }

    private static async Task<Created<ProductDetails>> Create(
        ProductDraft draft, ProductCatalog catalog, HttpResponse response, CancellationToken cancellationToken)
    {
        var product = await catalog.AddAsync(draft, cancellationToken);
        response.Headers.ETag = EntityTags.Of(product);

        // A path alone: the client knows the gateway by a name that the service does not.
        return TypedResults.Created($"/api/catalog/products/{product.Details.Id}", product.Details);
    }

    private static async Task<Results<Ok<ProductDetails>, ProblemHttpResult>> Replace(
        Guid id, ProductDraft draft, ProductCatalog catalog, HttpContext http, CancellationToken cancellationToken)
    {
        if (!EntityTags.TryReadIfMatch(http.Request, out var expected))
        {
            return UnreadableIfMatch();
        }

        var (outcome, product) = await catalog.ReplaceAsync(id, draft, expected, cancellationToken);
        http.Response.Headers.ETag = outcome == WriteOutcome.Done ? EntityTags.Of(product) : default;
        return outcome == WriteOutcome.Done ? TypedResults.Ok(product.Details) : Refused(outcome, id);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        Guid id, ProductCatalog catalog, HttpRequest request, CancellationToken cancellationToken)
    {
        if (!EntityTags.TryReadIfMatch(request, out var expected))
        {
            return UnreadableIfMatch();
        }

        var outcome = await catalog.RemoveAsync(id, expected, cancellationToken);
        return outcome == WriteOutcome.Done ? TypedResults.NoContent() : Refused(outcome, id);
    }

    private static ProblemHttpResult Refused(WriteOutcome outcome, Guid id) => outcome == WriteOutcome.Absent
        ? NoSuchProduct(id)
        : TypedResults.Problem(
            "The product has changed since you read it. Read it again and repeat your change.",
            statusCode: StatusCodes.Status412PreconditionFailed);

    private static ProblemHttpResult NoSuchProduct(Guid id) =>
        TypedResults.Problem($"There is no product {id}.", statusCode: StatusCodes.Status404NotFound);

    private static ProblemHttpResult UnreadableIfMatch() => TypedResults.Problem(
        "The If-Match header must be * or a list of entity tags in double quotes.", statusCode: StatusCodes.Status400BadRequest);
}
