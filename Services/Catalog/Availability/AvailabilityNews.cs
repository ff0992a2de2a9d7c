using System.Threading.Channels;
using Shop.Catalog.Products;

namespace Shop.Catalog.Availability;

/// <summary>
/// Makes every replica load anew what shows another number of pieces; at once, but at most once a second, since every list may show it and orders must not
/// make the cache of lists useless.
/// </summary>
internal sealed class AvailabilityNews(ProductCatalog catalog, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Channel<Guid> _changed = Channel.CreateUnbounded<Guid>(new UnboundedChannelOptions { SingleReader = true });

    public void Add(IEnumerable<Guid> productIds)
    {
        foreach (var id in productIds)
        {
            _changed.Writer.TryWrite(id);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _changed.Reader.WaitToReadAsync(stoppingToken))
            {
                await ForgetAsync();
                await Task.Delay(Interval, time, stoppingToken);
            }
        }
        finally
        {
            await ForgetAsync();
        }
    }

    private async Task ForgetAsync()
    {
        var changed = new HashSet<Guid>();
        while (_changed.Reader.TryRead(out var id))
        {
            changed.Add(id);
        }

        if (changed.Count > 0)
        {
            await catalog.ForgetAsync(changed);
        }
    }
}
