using System.Net;
using System.Net.Http.Json;
using Trellis.Tests;

namespace Shop.Tests;

/// <summary>Adds product after product through the gateway, whatever happens behind it, and remembers those that were acknowledged.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
internal sealed class ProductWriter : IAsyncDisposable
{
    private readonly HttpClient _editor;
    private readonly CancellationTokenSource _enough = new();
    private readonly Task _work;
    private volatile int _acknowledged;

    /// <summary>Begins to write.</summary>
    /// <param name="gateway">The gateway's address.</param>
    public ProductWriter(Uri gateway)
    {
        _editor = new HttpClient { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(5) };
        _work = WriteAsync();
    }

    /// <summary>The paths of the acknowledged products; complete once the writer has stopped.</summary>
    public List<string> Written { get; } = [];

    /// <summary>Waits until that many more are acknowledged.</summary>
    public Task WritesAsync(int more)
    {
        var enough = _acknowledged + more;
        return Eventually.TrueAsync(() => _acknowledged >= enough, "more products are added", seconds: 60);
    }

    /// <summary>Stops writing, and asserts that a gateway shows every acknowledged product.</summary>
    public async Task AssertNothingIsLostAsync(Uri gateway)
    {
        await StopAsync();
        using var reader = new HttpClient { BaseAddress = gateway };
        foreach (var path in Written)
        {
            using var found = await reader.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        }
    }

    /// <summary>Stops writing.</summary>
    public async Task StopAsync()
    {
        await _enough.CancelAsync();
        await _work;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _editor.Dispose();
        _enough.Dispose();
    }

    private async Task WriteAsync()
    {
        for (var number = 0; !_enough.IsCancellationRequested; number++)
        {
            try
            {
                _editor.DefaultRequestHeaders.Authorization ??= await DemoTokens.GetAsync(_editor, "catalog.write");
                using var answer = await _editor.PostAsJsonAsync(ShopRun.Products, Answers.Lamp($"Lamp {number}"));
                if (answer.StatusCode == HttpStatusCode.Created)
                {
                    var location = answer.Headers.Location!;
                    Written.Add(location.IsAbsoluteUri ? location.PathAndQuery : location.OriginalString);
                    _acknowledged++;
                    continue;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
            {
                // Not acknowledged.
            }

            await Task.Delay(20);
        }
    }
}
