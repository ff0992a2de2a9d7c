using Microsoft.Extensions.DependencyInjection;
using Trellis.Messaging;
using Trellis.Messaging.Transport;

namespace Trellis.Benchmarks.Messaging.Station;

/// <summary>Sends all parcels, a transaction each.</summary>
internal sealed class Sending(IServiceProvider services, IMessageTransport transport, Times times, bool direct)
{
    private const int Keys = 1000;

    private int _next = -1;

    public async Task SendAllAsync(int count, int rate, int workers)
    {
        if (rate == 0)
        {
            await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(() => WorkAsync(count))));
            return;
        }

        // On the beat, whether or not the one before is done.
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / rate));
        List<Task> sent = [];
        for (var number = 0; number < count; number++)
        {
            await timer.WaitForNextTickAsync();
            sent.Add(SendAsync(number));
        }

        await Task.WhenAll(sent);
    }

    private async Task WorkAsync(int count)
    {
        for (var number = Interlocked.Increment(ref _next); number < count; number = Interlocked.Increment(ref _next))
        {
            await SendAsync(number);
        }
    }

    private async Task SendAsync(int number)
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
