using Microsoft.Extensions.DependencyInjection;
using Trellis.Messaging;
using Trellis.Messaging.Transport;

namespace Trellis.Benchmarks.Messaging.Station;

/// <summary>Sends all parcels, a transaction each.</summary>
internal sealed class Sending(IServiceProvider services, IMessageTransport transport, Times times, bool direct)
{
    private const int Keys = 1000;

    private int _next = -1;

    /// <summary>Sends so many parcels, some at a time, as fast as it goes.</summary>
    public Task SendAsync(int count, int workers)
    {
        var end = _next + 1 + count;
        return Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref _next) is var number && number < end)
            {
                await SendParcelAsync(number);
            }

            Interlocked.Decrement(ref _next);
        })));
    }

    /// <summary>Sends so many parcels on the beat, whether or not the one before is done.</summary>
    public async Task SendAtRateAsync(int count, int rate)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / rate));
        List<Task> sent = [];
        while (sent.Count < count)
        {
            await timer.WaitForNextTickAsync();
            sent.Add(SendParcelAsync(Interlocked.Increment(ref _next)));
        }

        await Task.WhenAll(sent);
    }

    private async Task SendParcelAsync(int number)
    {
        var parcel = new Parcel(number, "12 Station Road");
        var key = $"key {number % Keys}";
        if (direct)
        {
            await Direct.SendAsync(transport, parcel, key);
        }
        else
        {
            await using var scope = services.CreateAsyncScope();
            var database = scope.ServiceProvider.GetRequiredService<StationContext>();
            database.Add(new Note { Number = number, Address = parcel.Address });
            await scope.ServiceProvider.GetRequiredService<IMessagePublisher>().PublishAsync(parcel, new PublishOptions { PartitionKey = key });
            await database.SaveChangesAsync();
        }

        times.Note(number);
    }
}
