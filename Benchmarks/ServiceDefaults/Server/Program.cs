using Trellis.Benchmarks.Server;

// The two endpoints that every measured server has; with "--defaults" as the only argument, also all that service defaults add.
var withDefaults = args is ["--defaults"];
var builder = WebApplication.CreateBuilder();
builder.Services.AddValidation();
if (withDefaults)
{
    builder.AddServiceDefaults();
}

var app = builder.Build();
if (withDefaults)
{
    app.MapDefaultEndpoints();
}

app.MapGet("/products/{id:int}", (int id) => new Product(id, "Standing desk, oak", new Money(24950, "EUR"), true, ["office", "furniture"]))
    .AllowAnonymous();
app.MapPost("/orders", (Order order) => new Receipt(order.Product, order.Quantity, "accepted"))
    .AllowAnonymous();
await app.RunAsync();
