using Shop.Ordering;
using Shop.Ordering.Data;
using Shop.Ordering.EventStore;
using Shop.Ordering.Placing;
using Shop.Ordering.Pricing;
using Shop.Ordering.Saga;
using Shop.Ordering.Watching;
using Trellis.Messaging;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.RequireSetting("ConnectionStrings:orderingdb", "must be the connection string of the PostgreSQL database");
builder.AddOrderingDatabase();
builder.AddOrderingMessages();
builder.AddOrderSaga();
builder.AddOrderWatch();
builder.Services.AddPricing();
builder.Services.AddOrders();

var app = builder.Build();

app.MapDefaultEndpoints();
app.UseWebSockets();
app.MapDeadLetters();
app.MapOrders();
app.MapEvents();

await app.RunAsync();
