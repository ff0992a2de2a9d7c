using Shop.Payments;
using Shop.Payments.Callbacks;
using Shop.Payments.Charging;
using Shop.Payments.Data;
using Shop.Payments.Provider;
using Trellis.Messaging;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.RequireSetting("ConnectionStrings:paymentsdb", "must be the connection string of the PostgreSQL database");
builder.AddPaymentsDatabase();
builder.AddPaymentsMessages();
builder.AddProvider();
builder.AddCharging();
builder.AddCallbacks();

var app = builder.Build();

app.MapDefaultEndpoints();
app.MapDeadLetters();
app.MapCallbacks();

await app.RunAsync();
