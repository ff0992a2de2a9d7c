using Microsoft.Extensions.DependencyInjection.Extensions;
using Shop.Simulators.Carrier.Faults;
using Shop.Simulators.Carrier.Shipments;
using Trellis.ServiceDefaults.Slim;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.Services.TryAddSingleton(TimeProvider.System);
builder.Services.AddSingleton<FaultSwitches>();
builder.AddShipments();

var app = builder.Build();

app.MapDefaultEndpoints();
app.MapShipments();
app.MapFaults();

await app.RunAsync();
