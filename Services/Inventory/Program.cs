using Shop.Inventory.Data;
using Shop.Inventory.Reservations;
using Shop.Inventory.Stock;
using Shop.Inventory.Watching;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.RequireSetting("ConnectionStrings:inventorydb", "must be the connection string of the PostgreSQL database");
builder.RequireSetting("ConnectionStrings:broker", "must be the connection string of the broker");
builder.AddInventoryDatabase();
builder.AddReservations();
builder.AddStock();
builder.AddStockWatch();

var app = builder.Build();

app.MapDefaultEndpoints();
app.MapGrpcService<StockApi>();

await app.RunAsync();
