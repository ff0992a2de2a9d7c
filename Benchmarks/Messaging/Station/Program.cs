using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Trellis.Benchmarks.Messaging.Station;
using Trellis.Messaging.Transport;

// One process of the benchmark: sends parcels, or takes them in. Settings come from the environment:
//   Role    sender, receiver or prepare          Mode   outbox (outbox and inbox) or direct (the broker alone)
//   Count   how many parcels                     Rate   how many a second; 0 is as fast as it goes with Workers at once
//   Times   the file for the times of all parcels
// Says "ready", waits for a line, sends or receives, says "done" and ends.
var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = [], ApplicationName = "station", ContentRootPath = AppContext.BaseDirectory });
builder.Logging.SetMinimumLevel(LogLevel.Warning);
var settings = builder.Configuration;
var (role, direct) = (settings["Role"], settings["Mode"] == "direct");
var (count, rate, workers) = (settings.GetValue("Count", 20_000), settings.GetValue("Rate", 0), settings.GetValue("Workers", 32));
var times = new Times(count);
builder.Services.AddSingleton(times);
builder.Services.AddDbContext<StationContext>(options => options.UseNpgsql(settings.GetConnectionString("database")));
builder.AddMessaging<StationContext>(m =>
{
    m.Publish<Parcel>();
    if (role == "receiver" && !direct)
    {
        m.Handle<Parcel, Arrival>();
    }
});

using var host = builder.Build();
if (role == "prepare")
{
    await using var scope = host.Services.CreateAsyncScope();
    await scope.ServiceProvider.GetRequiredService<StationContext>().Database.EnsureCreatedAsync();
    return;
}

await host.StartAsync();
var transport = host.Services.GetRequiredService<IMessageTransport>();
if (role == "receiver")
{
    var received = direct ? Direct.ReceiveAsync(transport, times) : times.All;
    if (!direct)
    {
        Console.WriteLine("ready");
    }

    await Task.WhenAll(times.All, received);
}
else
{
    Console.WriteLine("ready");
    Console.ReadLine();
    await new Sending(host.Services, transport, times, direct).SendAllAsync(count, rate, workers);
}

Console.WriteLine("done");
await times.WriteAsync(settings["Times"]!);
Console.ReadLine();
await host.StopAsync();
