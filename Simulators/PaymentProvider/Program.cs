using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Shop.Simulators.PaymentProvider.Callbacks;
using Shop.Simulators.PaymentProvider.Charges;
using Shop.Simulators.PaymentProvider.Faults;
using Shop.Simulators.PaymentProvider.Ledgers;
using Trellis.ServiceDefaults.Slim;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.Services.TryAddSingleton(TimeProvider.System);
builder.Services.ConfigureHttpJsonOptions(json =>
{
    json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
    json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower));
});
builder.Services.AddSingleton<FaultSwitches>();
builder.AddLedger();
builder.AddCallbacks();

var app = builder.Build();

app.MapDefaultEndpoints();
app.MapCharges();
app.MapLedger();
app.MapFaults();

await app.RunAsync();
