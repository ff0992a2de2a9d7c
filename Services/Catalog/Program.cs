using Shop.Catalog.Caching;
using Shop.Catalog.Data;
using Shop.Catalog.Products;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddCatalogDatabase();
builder.AddCatalogCache();
builder.Services.AddProducts();

var app = builder.Build();

app.MapDefaultEndpoints();
app.MapProducts();

await app.RunAsync();
