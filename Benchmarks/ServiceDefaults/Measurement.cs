using System.Diagnostics;

namespace Trellis.Benchmarks.ServiceDefaults;

/// <summary>One run of one server.</summary>
/// <param name="Start">From the start of its process to the first answer with status 200.</param>
/// <param name="Get">The GET of a product.</param>
/// <param name="GetProcessorTime">Processor time per GET, of all the server's processes.</param>
/// <param name="Post">The POST of an order.</param>
/// <param name="PostProcessorTime">Processor time per POST.</param>
/// <param name="Memory">Proportional set size of all the server's processes after the load, in bytes.</param>
internal sealed record Measurement(TimeSpan Start, Load Get, TimeSpan GetProcessorTime, Load Post, TimeSpan PostProcessorTime, long Memory)
{
    private const string Order = """{"product":"Standing desk, oak","quantity":2,"currency":"EUR","address":"Main Street 1, Springfield","gift":false}""";
    private const string WrongOrder = """{"product":"Standing desk, oak","quantity":0,"currency":"EUR","address":"Main Street 1, Springfield","gift":false}""";

    public static async Task<Measurement> TakeAsync(Contender contender, string peers, int seconds, int warmUp, Uri? collector)
    {
        var watch = Stopwatch.StartNew();
        await using var server = RunningServer.Start(contender, peers, collector);
        await server.WaitForAnswerAsync("/products/42");
        var start = watch.Elapsed;
        var product = new Uri(server.Address, "/products/42");
        var orders = new Uri(server.Address, "/orders");
        await server.ExpectAsync(orders, Order, accepted: true);
        await server.ExpectAsync(orders, WrongOrder, accepted: false);

        // Long enough for .NET to have compiled what is used often: a service runs for days, not for seconds.
        await Load.RunAsync(peers, product, body: null, warmUp);
        await Load.RunAsync(peers, orders, Order, warmUp);
        var before = server.ProcessorTime();
        var get = await Load.RunAsync(peers, product, body: null, seconds);
        var between = server.ProcessorTime();
        var post = await Load.RunAsync(peers, orders, Order, seconds);
        var after = server.ProcessorTime();
        return new Measurement(start, get, (between - before) / get.Requests, post, (after - between) / post.Requests, server.Memory());
    }
}
