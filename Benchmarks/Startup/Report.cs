using System.Globalization;

namespace Trellis.Benchmarks.Startup;

/// <summary>Prints the medians as a table in Markdown, each with its smallest and largest value.</summary>
internal sealed class Report
{
    private readonly List<(string Name, List<StartRun> Runs)> _columns = [];

    public void Add(string column, StartRun run)
    {
        if (_columns.All(c => c.Name != column))
        {
            _columns.Add((column, []));
        }

        _columns.First(c => c.Name == column).Runs.Add(run);
    }

    public void Print()
    {
        Console.WriteLine($"Medians of {_columns[0].Runs.Count} runs (smallest to largest), {Environment.ProcessorCount} cores.");
        Console.WriteLine();
        Console.WriteLine($"| | {string.Join(" | ", _columns.Select(c => c.Name))} |");
        Console.WriteLine($"|---|{string.Concat(_columns.Select(_ => "---|"))}");
        Row("built AppHost to dashboard up, s", r => r.Dashboard.TotalSeconds, "0.00");
        Row("to first answer with data, s", r => r.FirstAnswer.TotalSeconds, "0.00");
        Row("to all resources healthy, s", r => r.Healthy?.TotalSeconds, "0.00");
        Row("stop: SIGTERM to no process left, s", r => r.Stop.TotalSeconds, "0.00");
        Row("memory of AppHost, MB (PSS)", r => r.AppHostMemory / 1e6, "0");
        Row("memory of DCP, all its processes, MB (PSS)", r => r.EngineMemory / 1e6, "0");
        Row("memory of the dashboard, MB (PSS)", r => r.DashboardMemory / 1e6, "0");
    }

    private void Row(string name, Func<StartRun, double?> value, string format)
        => Console.WriteLine($"| {name} | {string.Join(" | ", _columns.Select(c => Cell(c.Runs, value, format)))} |");

    private static string Cell(IReadOnlyList<StartRun> runs, Func<StartRun, double?> value, string format)
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
