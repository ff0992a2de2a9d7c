using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Trellis.Benchmarks.Messaging.Station;
using Trellis.Messaging.Transport;

// One process of the benchmark: sends parcels, or takes them in. Settings come from the environment:
//   Role    sender, receiver or prepare           Mode        outbox (outbox and inbox) or direct (the broker alone)
//   Count   how many parcels as fast as Workers   AtRate      how many more, in a second stage, at Rate a second
//   Times   the file for the times of all parcels
// Says "ready", and for each stage waits for a line, sends or receives, and says "done". Ends after one more line.
var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = [], ApplicationName = "station", ContentRootPath = AppContext.BaseDirectory });
builder.Logging.SetMinimumLevel(LogLevel.Warning);
var settings = builder.Configuration;
var (role, direct) = (settings["Role"], settings["Mode"] == "direct");
var (count, atRate) = (settings.GetValue("Count", 20_000), settings.GetValue("AtRate", 0));
var times = new Times(count, atRate);
builder.Services.AddSingleton(times);
builder.Services.AddDbContextPool<StationContext>(options => options.UseNpgsql(
    settings.GetConnectionString("database"), npgsql => npgsql.ConfigureDataSource(source => source.ConnectionStringBuilder.MaxAutoPrepare = 64)));
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
var sending = new Sending(host.Services, transport, times, direct);
Func<Task>[] stages = role == "receiver"
    ? [() => times.EndOfAsync(0), () => times.EndOfAsync(1)]
    : [() => sending.SendAsync(count, settings.GetValue("Workers", 32)), () => sending.SendAtRateAsync(atRate, settings.GetValue("Rate", 200))];
var received = role == "receiver" && direct ? Direct.ReceiveAsync(await Direct.SubscribeAsync(transport), times) : Task.CompletedTask;
Console.WriteLine("ready");
foreach (var stage in stages)
{
    Console.ReadLine();
    await stage();
    Console.WriteLine("done");
}

await received;
await times.WriteAsync(settings["Times"]!);
Console.ReadLine();
await host.StopAsync();
