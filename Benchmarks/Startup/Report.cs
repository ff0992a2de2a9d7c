using System.Globalization;

namespace Trellis.Benchmarks.Startup;

/// <summary>Prints the medians as a table in Markdown, each with its smallest and largest value.</summary>
/// <typeparam name="T">What is measured in one run.</typeparam>
internal sealed class Report<T>
{
    private readonly List<(string Name, List<T> Runs)> _columns = [];

    public void Add(string column, T run)
    {
        if (_columns.All(c => c.Name != column))
        {
            _columns.Add((column, []));
        }

        _columns.First(c => c.Name == column).Runs.Add(run);
    }

    public void Print(IEnumerable<(string Name, Func<T, double?> Value, string Format)> rows)
    {
        Console.WriteLine($"Medians of {_columns[0].Runs.Count} runs (smallest to largest), {Environment.ProcessorCount} cores.");
        Console.WriteLine();
        Console.WriteLine($"| | {string.Join(" | ", _columns.Select(c => c.Name))} |");
        Console.WriteLine($"|---|{string.Concat(_columns.Select(_ => "---|"))}");
        foreach (var (name, value, format) in rows)
        {
            Console.WriteLine($"| {name} | {string.Join(" | ", _columns.Select(c => Cell(c.Runs, value, format)))} |");
        }

        Console.WriteLine();
    }

    private static string Cell(IReadOnlyList<T> runs, Func<T, double?> value, string format)
    {
        var sorted = runs.Select(value).OfType<double>().Order().ToArray();
        if (sorted.Length == 0)
        {
            return "not said";
        }

        var median = sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
        return $"{Text(median)} ({Text(sorted[0])} to {Text(sorted[^1])})";

        string Text(double number) => number.ToString(format, CultureInfo.InvariantCulture);
    }
}
