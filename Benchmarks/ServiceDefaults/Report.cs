using System.Globalization;

namespace Trellis.Benchmarks.ServiceDefaults;

/// <summary>Prints the medians as a table in Markdown, a server a row, and what ours is to each of the others.</summary>
internal sealed class Report
{
    private readonly List<(string Name, List<Measurement> Runs)> _servers = [];

    public void Add(string server, Measurement run)
    {
        if (_servers.All(s => s.Name != server))
        {
            _servers.Add((server, []));
        }

        _servers.First(s => s.Name == server).Runs.Add(run);
    }

    public void Print()
    {
        Console.WriteLine($"Medians of {_servers[0].Runs.Count} runs.");
        Console.WriteLine();
        Console.WriteLine("| | GET, requests/s | p50, ms | p99, ms | CPU, µs | POST, requests/s | p50, ms | p99, ms | CPU, µs | start to first 200, ms | memory, MB (PSS) |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var (name, runs) in _servers)
        {
            Console.WriteLine($"| {name} | {string.Join(" | ", Columns.Select(column => Text(Median(runs, column.Value), column.Format)))} |");
        }

        PrintRatios("service defaults", Contender.Defaults);
        PrintRatios("native AOT", Contender.Native);
    }

    private void PrintRatios(string title, string server)
    {
        if (_servers.FirstOrDefault(s => s.Name == server) is not { Runs: { } ours })
        {
            return;
        }

        Console.WriteLine();
        Console.WriteLine($"| {title} to | GET throughput | GET p99 | POST throughput | POST p99 | start | memory |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var (name, runs) in _servers.Where(s => s.Name != server))
        {
            Console.WriteLine($"| {name} | {string.Join(" | ", Ratios.Select(value => Text(Median(ours, value) / Median(runs, value), "0.00")))} |");
        }
    }

    private static readonly (Func<Measurement, double> Value, string Format)[] Columns =
    [
        (m => m.Get.Throughput, "0"), (m => m.Get.P50, "0.00"), (m => m.Get.P99, "0.00"), (m => m.GetProcessorTime.TotalMicroseconds, "0.0"),
        (m => m.Post.Throughput, "0"), (m => m.Post.P50, "0.00"), (m => m.Post.P99, "0.00"), (m => m.PostProcessorTime.TotalMicroseconds, "0.0"),
        (m => m.Start.TotalMilliseconds, "0"), (m => m.Memory / 1e6, "0"),
    ];

    private static readonly Func<Measurement, double>[] Ratios =
    [
        m => m.Get.Throughput, m => m.Get.P99, m => m.Post.Throughput, m => m.Post.P99, m => m.Start.TotalMilliseconds, m => m.Memory,
    ];

    private static double Median(List<Measurement> runs, Func<Measurement, double> value)
    {
        var sorted = runs.Select(value).Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    private static string Text(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
