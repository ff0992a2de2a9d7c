using System.Globalization;

namespace Trellis.Benchmarks.Messaging;

/// <summary>Prints the medians as a table in Markdown, a contender a row.</summary>
internal sealed class Report(IReadOnlyList<Contender> contenders)
{
    private readonly Dictionary<string, List<Measurement>> _runs = contenders.ToDictionary(contender => contender.Name, _ => new List<Measurement>());

    public void Add(Contender contender, Measurement run) => _runs[contender.Name].Add(run);

    public void Print()
    {
        Console.WriteLine($"Medians of {_runs.Values.First().Count} runs (smallest to largest).");
        Console.WriteLine();
        Console.WriteLine("| | a second | ratio to | p50, ms | p99, ms |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var contender in contenders)
        {
            var runs = _runs[contender.Name];
            var speed = runs.Select(run => run.Throughput).ToArray();
            var ratio = contender.Reference is { } reference && _runs.TryGetValue(reference, out var others) && others.Count > 0
                ? $"{Text(Median(speed) / Median(others.Select(run => run.Throughput)), "0.00")} of {reference}"
                : "";
            Console.WriteLine($"| {contender.Name} | {Text(Median(speed), "0")} ({Text(speed.Min(), "0")} to {Text(speed.Max(), "0")}) | {ratio} | {Time(runs, run => run.P50)} | {Time(runs, run => run.P99)} |");
        }
    }

    private static string Time(List<Measurement> runs, Func<Measurement, TimeSpan?> time)
    {
        var times = runs.Select(time).OfType<TimeSpan>().Select(value => value.TotalMilliseconds).ToArray();
        return times.Length == 0 ? "" : $"{Text(Median(times), "0.0")} ({Text(times.Min(), "0.0")} to {Text(times.Max(), "0.0")})";
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    private static string Text(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
