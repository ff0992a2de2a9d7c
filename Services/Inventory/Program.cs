using Shop.Inventory;
using Shop.Inventory.Data;
using Shop.Inventory.Reservations;
using Shop.Inventory.Stock;
using Shop.Inventory.Watching;
using Trellis.Messaging;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.RequireSetting("ConnectionStrings:inventorydb", "must be the connection string of the PostgreSQL database");
builder.AddInventoryDatabase();
builder.AddInventoryMessages();
builder.AddReservations();
builder.AddStock();
builder.AddStockWatch();

var app = builder.Build();

app.MapDefaultEndpoints();
app.MapDeadLetters();
app.MapGrpcService<StockApi>();

await app.RunAsync();
