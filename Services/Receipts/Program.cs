using Shop.Receipts;
using Shop.Receipts.Lambda;
using Trellis.ServiceDefaults.Slim;

var builder = WebApplication.CreateSlimBuilder(args);

builder.AddServiceDefaults();
builder.AddReceipts();
builder.AddLambda();

var app = builder.Build();

app.MapDefaultEndpoints();
app.MapReceipts();

await app.RunHereOrInLambdaAsync();
