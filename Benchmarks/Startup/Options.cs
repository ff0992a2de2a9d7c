using System.Globalization;

namespace Trellis.Benchmarks.Startup;

/// <summary>The command line.</summary>
/// <param name="Runs">How often each case is measured.</param>
/// <param name="Peer">The AppHost to measure beside ours; null for none.</param>
internal sealed record Options(int Runs, string? Peer)
{
    /// <summary>Reads the command line; null when it is not understood.</summary>
    public static Options? Parse(IReadOnlyList<string> args)
    {
        var options = new Options(5, null);
        for (var i = 0; i < args.Count; i += 2)
        {
            switch (args[i])
            {
                case "--runs" when i + 1 < args.Count && int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out var runs) && runs is > 0 and <= 100:
                    options = options with { Runs = runs };
                    break;
                case "--peer" when i + 1 < args.Count && File.Exists(args[i + 1]):
                    options = options with { Peer = Path.GetFullPath(args[i + 1]) };
                    break;
                default:
                    return null;
            }
        }

        return options;
    }
}
