using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Shop.Ordering.Tests;

/// <summary>A catalogue as Ordering sees it: an HTTP server with products, whose answers a test can spoil.</summary>
public sealed class Shelf : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<Guid, (string Name, long Amount, string Currency)> _products = new();
    private int _asked;

    private Shelf(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    /// <summary>Answers in place of the catalogue, when it answers true.</summary>
    public Func<HttpContext, Task<bool>> Instead { get; set; } = _ => Task.FromResult(false);

    /// <summary>How often somebody has asked for a product.</summary>
    public int Asked => _asked;

    public static async Task<Shelf> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var shelf = new Shelf(app);
        app.MapGet("/api/catalog/products/{id:guid}", shelf.AnswerAsync);
        await app.StartAsync();
        return shelf;
    }

    public Guid Add(long amount = 1_000, string currency = "EUR")
    {
        var id = Guid.CreateVersion7();
        Price(id, amount, currency);
        return id;
    }

    public void Price(Guid id, long amount, string currency = "EUR") => _products[id] = ($"Product {id:N}", amount, currency);

    public void Withdraw(Guid id) => _products.TryRemove(id, out _);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http, Guid id)
    {
        Interlocked.Increment(ref _asked);
        if (await Instead(http))
        {
            return;
        }

        if (!_products.TryGetValue(id, out var product))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            await http.Response.WriteAsJsonAsync(new { title = "Not Found", status = 404 }, options: null, "application/problem+json");
            return;
        }

        await http.Response.WriteAsJsonAsync(new
        {
            id,
            name = product.Name,
            brand = "Lumen",
            category = "lamps",
            description = "A product.",
            price = new { amount = product.Amount, currency = product.Currency },
            available = (long?)null,
        });
    }
}
