using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Trellis.Benchmarks.Load;

// Orders at a rate, for a running shop:
//   dotnet run -c Release --project Benchmarks/Load -- --rate 50 --seconds 60
// Ends with 0 when every order that was due came to an end.
LoadOptions options;
try
{
    options = LoadOptions.Read(args);
}
catch (Exception exception) when (exception is ValidationException or InvalidOperationException or FormatException)
{
    Console.Error.WriteLine(exception.Message);
    Console.Error.WriteLine(LoadOptions.Usage);
    return 2;
}

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var shop = new ShopClient(options);
var load = new OrderLoad(options, shop);
var clock = Stopwatch.StartNew();
Console.WriteLine($"{options.Rate} orders a second for {options.Seconds} s at {options.Gateway} (seed {options.Seed})");
try
{
    var running = load.RunAsync(stop.Token);
    while (await Task.WhenAny(running, Task.Delay(TimeSpan.FromSeconds(1))) != running)
    {
        // One line that moves on a terminal; in a log, one now and then.
        if (!Console.IsOutputRedirected)
        {
            Console.Write($"\r{Summary.Progress(load, clock.Elapsed)}");
        }
        else if ((int)clock.Elapsed.TotalSeconds % 5 == 0)
        {
            Console.WriteLine(Summary.Progress(load, clock.Elapsed));
        }
    }

    await running;
}
catch (Exception exception) when (exception is HttpRequestException or InvalidOperationException or OperationCanceledException or Polly.Timeout.TimeoutRejectedException)
{
    Console.Error.WriteLine(stop.IsCancellationRequested ? "Stopped." : $"The shop at {options.Gateway} does not answer as it should: {exception.Message}");
    return 1;
}

Console.WriteLine();
foreach (var line in Summary.Lines(load, shop, clock.Elapsed))
{
    Console.WriteLine(line);
}

return load.Due > 0 && load.Placed.Count == load.Due && load.Placed.All(order => order.ToFinal is not null) ? 0 : 1;

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
