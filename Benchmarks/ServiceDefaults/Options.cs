using System.Globalization;

namespace Trellis.Benchmarks.ServiceDefaults;

/// <summary>The command line.</summary>
/// <param name="Runs">How often each server is measured.</param>
/// <param name="Seconds">How long each endpoint is under load in a run, in seconds.</param>
/// <param name="WarmUp">How long each endpoint is under load before it is measured, in seconds.</param>
/// <param name="Only">A part of the names of the servers to measure; null for all.</param>
internal sealed record Options(int Runs, int Seconds, int WarmUp, string? Only)
{
    public const string Usage = "usage: dotnet run -c Release --project Benchmarks/ServiceDefaults [-- --runs N] [--seconds N] [--warm-up N] [--only NAME]";

    /// <summary>Reads the command line; null when it is not understood.</summary>
    public static Options? Parse(IReadOnlyList<string> args)
    {
        var options = new Options(5, 5, 10, null);
        for (var i = 0; i < args.Count; i += 2)
        {
            switch (args[i])
            {
                case "--runs" when i + 1 < args.Count && Number(args[i + 1]) is { } runs:
                    options = options with { Runs = runs };
                    break;
                case "--seconds" when i + 1 < args.Count && Number(args[i + 1]) is { } seconds:
                    options = options with { Seconds = seconds };
                    break;
                case "--warm-up" when i + 1 < args.Count && Number(args[i + 1]) is { } warmUp:
                    options = options with { WarmUp = warmUp };
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

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 100 ? number : null;
}
