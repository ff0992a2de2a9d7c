using System.Globalization;

namespace Trellis.Benchmarks.Orders;

/// <summary>The command line.</summary>
/// <param name="Runs">How often each number of replicas is measured.</param>
/// <param name="Rate">Orders a second while times are measured.</param>
/// <param name="MostRate">Orders a second while it is measured how many are completed; more than can be.</param>
/// <param name="Seconds">How long orders are placed at each rate.</param>
internal sealed record Options(int Runs, int Rate, int MostRate, int Seconds)
{
    public const string Usage = "usage: dotnet run -c Release --project Benchmarks/Orders [-- --runs N] [--rate N] [--most-rate N] [--seconds N]";

    /// <summary>Reads the command line; null when it is not understood.</summary>
    public static Options? Parse(IReadOnlyList<string> args)
    {
        var options = new Options(5, 50, 300, 20);
        for (var i = 0; i < args.Count; i += 2)
        {
            if (i + 1 == args.Count || !int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > 2000)
            {
                return null;
            }

            switch (args[i])
            {
                case "--runs": options = options with { Runs = number }; break;
                case "--rate": options = options with { Rate = number }; break;
                case "--most-rate": options = options with { MostRate = number }; break;
                case "--seconds": options = options with { Seconds = number }; break;
                default: return null;
            }
        }

        return options;
    }
}
