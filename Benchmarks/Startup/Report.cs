using System.Globalization;

namespace Trellis.Benchmarks.Startup;

/// <summary>Prints the medians as a table in Markdown, each with its smallest and largest value.</summary>
internal static class Report
{
    public static void Print(IReadOnlyList<StartRun> withData, IReadOnlyList<StartRun> fromNothing)
    {
        Console.WriteLine($"Medians of {withData.Count} runs (smallest to largest), {Environment.ProcessorCount} cores.");
        Console.WriteLine();
        Console.WriteLine("| | data prepared | from nothing |");
        Console.WriteLine("|---|---|---|");
        Row("built AppHost to dashboard up, s", r => r.Dashboard.TotalSeconds, "0.00");
        Row("to first answer with data, s", r => r.FirstAnswer.TotalSeconds, "0.00");
        Row("to all resources healthy, s", r => r.Healthy.TotalSeconds, "0.00");
        Row("stop: SIGTERM to no process left, s", r => r.Stop.TotalSeconds, "0.00");
        Row("memory of AppHost, MB (PSS)", r => r.AppHostMemory / 1e6, "0");
        Row("memory of DCP, all its processes, MB (PSS)", r => r.EngineMemory / 1e6, "0");
        Row("memory of the dashboard, MB (PSS)", r => r.DashboardMemory / 1e6, "0");

        void Row(string name, Func<StartRun, double> value, string format)
            => Console.WriteLine($"| {name} | {Cell(withData, value, format)} | {Cell(fromNothing, value, format)} |");
    }

    private static string Cell(IReadOnlyList<StartRun> runs, Func<StartRun, double> value, string format)
    {
        var sorted = runs.Select(value).Order().ToArray();
        var median = sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
        string Text(double number) => number.ToString(format, CultureInfo.InvariantCulture);
        return $"{Text(median)} ({Text(sorted[0])} to {Text(sorted[^1])})";
    }
}
