using System.Globalization;

namespace Trellis.Benchmarks.Load;

/// <summary>What a run came to, in words.</summary>
internal static class Summary
{
    /// <summary>One line while it runs.</summary>
    public static string Progress(OrderLoad load, TimeSpan elapsed)
    {
        var placed = load.Placed;
        var completed = placed.Count(order => order.Status == "Completed");
        return Invariant($"{elapsed.TotalSeconds,5:0} s  {load.Due,7} due  {load.Due - placed.Count,6} under way  {completed,7} completed  {placed.Count - completed,5} other");
    }

    /// <summary>The table at the end.</summary>
    public static IEnumerable<string> Lines(OrderLoad load, ShopClient shop, TimeSpan elapsed)
    {
        var placed = load.Placed.ToArray();
        var accepted = placed.Where(order => order.Id is not null).ToArray();
        yield return Invariant($"orders due          {load.Due}");
        yield return Invariant($"accepted            {accepted.Length}  ({accepted.Length / elapsed.TotalSeconds:0.0} a second)");
        foreach (var answer in placed.Where(order => order.Id is null).GroupBy(order => order.Answer).OrderByDescending(group => group.Count()))
        {
            yield return Invariant($"  not accepted      {answer.Count()}  ({answer.Key})");
        }

        foreach (var status in accepted.GroupBy(order => order.Status ?? "not seen").OrderByDescending(group => group.Count()))
        {
            yield return Invariant($"  {status.Key,-17} {status.Count()}");
        }

        yield return Invariant($"requests sent again {shop.Retries}");
        yield return Times("POST, ms           ", placed.Where(order => order.Id is not null).Select(order => order.Posting));
        yield return Times("to Completed, ms   ", placed.Where(order => order.Status == "Completed").Select(order => order.ToFinal!.Value));
    }

    private static string Times(string name, IEnumerable<TimeSpan> times)
    {
        var sorted = times.Order().ToArray();
        return sorted.Length == 0
            ? $"{name} none"
            : Invariant($"{name} p50 {At(0.5):0.0}  p99 {At(0.99):0.0}  most {sorted[^1].TotalMilliseconds:0.0}");

        double At(double part) => sorted[(int)Math.Min(sorted.Length - 1, part * sorted.Length)].TotalMilliseconds;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
