using Trellis.Benchmarks.Server;
using Trellis.ServiceDefaults.Slim;

// The two endpoints that every measured server has, with all that the slim service defaults add.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ServerJson.Default));
builder.AddServiceDefaults();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapGet("/products/{id:int}", (int id) => new Product(id, "Standing desk, oak", new Money(24950, "EUR"), true, ["office", "furniture"]));
app.MapPost("/orders", (Order order) => new Receipt(order.Product, order.Quantity, "accepted"));
await app.RunAsync();
