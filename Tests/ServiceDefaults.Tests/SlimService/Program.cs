using Trellis.ServiceDefaults.Slim;
using Trellis.SlimService;

// A service with the slim defaults, which the tests publish as native code and run.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, SlimJson.Default));
builder.AddServiceDefaults();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapPost("/orders", (Order order, ILogger<Order> log) =>
{
    SlimLog.Ordered(log, order.Quantity, order.Customer);
    return order;
});
app.MapGet("/fail", IResult () => throw new InvalidOperationException("host=db.internal;password=hidden"));
app.MapGet("/slow", async (int milliseconds, CancellationToken cancellationToken) =>
{
    await Task.Delay(milliseconds, cancellationToken);
    return "done";
});
app.Run();
