using System.Globalization;

namespace Trellis.Benchmarks.Messaging;

/// <summary>The command line.</summary>
/// <param name="Runs">How often each contender is measured.</param>
/// <param name="Count">How many messages a run sends.</param>
/// <param name="Only">A part of the names of the contenders to measure; null for all.</param>
internal sealed record Options(int Runs, int Count, string? Only)
{
    public const string Usage = "usage: dotnet run -c Release --project Benchmarks/Messaging [-- --runs N] [--count N] [--only NAME]";

    /// <summary>Reads the command line; null when it is not understood.</summary>
    public static Options? Parse(IReadOnlyList<string> args)
    {
        var options = new Options(5, 20_000, null);
        for (var i = 0; i < args.Count; i += 2)
        {
            switch (args[i])
            {
                case "--runs" when i + 1 < args.Count && Number(args[i + 1], 100) is { } runs:
                    options = options with { Runs = runs };
                    break;
                case "--count" when i + 1 < args.Count && Number(args[i + 1], 1_000_000) is { } count:
                    options = options with { Count = count };
                    break;
                case "--only" when i + 1 < args.Count:
                    options = options with { Only = args[i + 1] };
                    break;
                default:
                    return null;
            }
        }

        return options;
    }

    private static int? Number(string text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= most ? number : null;
}
