using Shop.Fulfilment;
using Shop.Fulfilment.Data;
using Shop.Fulfilment.Jobs;
using Shop.Fulfilment.Shipments;
using Trellis.Messaging;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.RequireSetting("ConnectionStrings:fulfilmentdb", "must be the connection string of the PostgreSQL database");
builder.AddFulfilmentDatabase();
builder.AddFulfilmentMessages();
builder.AddShipments();
builder.AddJobs();

var app = builder.Build();

app.MapDefaultEndpoints();
app.MapDeadLetters();
JobsDashboard.Map(app);

await app.RunAsync();
