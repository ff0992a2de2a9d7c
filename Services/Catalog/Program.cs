using Shop.Catalog.Availability;
using Shop.Catalog.Caching;
using Shop.Catalog.Contract;
using Shop.Catalog.Data;
using Shop.Catalog.Products;
using Shop.Inventory.Contract;
using Trellis.Messaging;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.RequireSetting("ConnectionStrings:catalogdb", "must be the connection string of the PostgreSQL database");
builder.RequireSetting("ConnectionStrings:cache", "must be the connection string of the Redis server");
builder.AddCatalogDatabase();
builder.AddCatalogCache();
builder.AddMessaging<CatalogDbContext>(messaging => messaging
    .Publish<ProductChanged>()
    .Publish<ProductWithdrawn>()
    .Handle<StockChanged, StockChangedHandler>());
builder.Services.AddAvailability();
builder.Services.AddProducts();

var app = builder.Build();

app.MapDefaultEndpoints();
app.MapDeadLetters();
app.MapProducts();

await app.RunAsync();
