using System.ComponentModel.DataAnnotations;
using Trellis.SampleService;

// A service with the defaults and a few endpoints, which the tests run as a process of its own.
var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();

var app = builder.Build();
app.MapDefaultEndpoints();

var open = app.MapGroup("").AllowAnonymous();
open.MapGet("/items/{id}", (string id) => new { id });
open.MapPost("/echo", (Dictionary<string, string> body) => body);
open.MapPost("/orders", (Order order, [Range(1, 10)] int copies = 1) => new { order.Product, copies });
open.MapGet("/slow", async (int milliseconds, CancellationToken cancellationToken) =>
{
    await Task.Delay(milliseconds, cancellationToken);
    return "done";
});
open.MapGet("/log", (ILoggerFactory loggers) =>
{
    var logger = loggers.CreateLogger("Sample.Orders");
    using (logger.BeginScope(new Dictionary<string, object> { ["tenant"] = "north" }))
    using (logger.BeginScope("Order {OrderId}", 17))
    {
        logger.LogWarning(new EventId(42, "Placed"), new InvalidOperationException("two\nlines"), "Placed {Count} for \"{Who}\"", 3, "Ada\nLovelace");
    }
});
open.MapGet("/call", (string url, IHttpClientFactory clients) => clients.CreateClient().GetStringAsync(url));
app.Run();
