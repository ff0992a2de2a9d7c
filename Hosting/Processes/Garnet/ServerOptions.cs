using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Trellis.Hosting.Processes.Garnet;

/// <summary>The subset of redis-server's command line that this server understands, translated to Garnet's.</summary>
internal sealed record ServerOptions
{
    private const string Usage = "Usage: [redis-server] [--port N] [--requirepass PASSWORD] [--dir FOLDER] [--save SECONDS CHANGES]";

    public int Port { get; private init; } = 6379;

    public string? Password { get; private init; }

    /// <summary>Folder of the snapshots and the append-only file; unused while nothing is saved.</summary>
    public string Folder { get; private init; } = ".";

    /// <summary>Seconds between snapshots; 0 keeps everything in memory only.</summary>
    public int SnapshotSeconds { get; private init; }

    /// <summary>Reads the arguments.</summary>
    /// <param name="arguments">redis-server's options; the word <c>redis-server</c> may come first, as in its image.</param>
    /// <param name="password">The password when no <c>--requirepass</c> is given.</param>
    /// <param name="options">What was read.</param>
    /// <param name="error">What is wrong with the arguments, and how they are used.</param>
    public static bool TryParse(string[] arguments, string? password, out ServerOptions options, [NotNullWhen(false)] out string? error)
    {
        options = new() { Password = string.IsNullOrEmpty(password) ? null : password };
        for (var i = arguments is ["redis-server", ..] ? 1 : 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "--port" when int.TryParse(ValueAt(i + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536:
                    options = options with { Port = port };
                    i++;
                    break;
                case "--requirepass" when ValueAt(i + 1) is { } given:
                    options = options with { Password = given.Length == 0 ? null : given };
                    i++;
                    break;
                case "--dir" when ValueAt(i + 1) is { Length: > 0 } folder:
                    options = options with { Folder = Path.GetFullPath(folder) };
                    i++;
                    break;
                case "--save" when ValueAt(i + 1) is "":
                    i++;
                    break;
                // Garnet saves by time alone; the number of changes is read, because the image's arguments have it.
                case "--save" when double.TryParse(ValueAt(i + 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
                    && seconds >= 1 && long.TryParse(ValueAt(i + 2), NumberStyles.None, CultureInfo.InvariantCulture, out _):
                    options = options with { SnapshotSeconds = (int)Math.Min(seconds, int.MaxValue) };
                    i += 2;
                    break;
                default:
                    error = $"Garnet stands in for redis-server here and does not understand '{arguments[i]}' or what follows it. {Usage}. Install redis-server to use more.";
                    return false;
            }
        }

        error = null;
        return true;

        string? ValueAt(int index) => index < arguments.Length ? arguments[index] : null;
    }

    /// <summary>Garnet's own command line: loopback only, and small, because its defaults are made for a machine of its own.</summary>
    public string[] ToGarnetArguments()
    {
        var port = Port.ToString(CultureInfo.InvariantCulture);
        List<string> arguments =
        [
            "--bind", "127.0.0.1", "--port", port, "--lua", "true",
            "--memory", "256m", "--page", "4m", "--segment", "64m", "--index", "16m", "-q", "true", "--device-type", "RandomAccess",
        ];
        if (Password is not null)
        {
            arguments.AddRange(["--auth", "Password", "--password", Password]);
        }

        if (SnapshotSeconds > 0)
        {
            // The append-only file holds what came after the last snapshot; each snapshot cuts it.
            arguments.AddRange([
                "--aof", "true", "--aof-memory", "32m", "--aof-page-size", "8m", "--aof-segment-size", "64m", "--recover", "true", "--fail-on-recovery-error", "true",
                "--checkpointdir", Folder,
                "--checkpoint-freq", SnapshotSeconds.ToString(CultureInfo.InvariantCulture)]);
        }

        return [.. arguments];
    }
}
