using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Trellis.Hosting.Processes;

/// <summary>
/// Chooses TCP ports that nothing uses. A server opens its port only after its preparation; so, where possible, the port is one that the
/// system gives to no connection and no other server by itself.
/// </summary>
internal static class FreePort
{
    private const string SystemsRange = "/proc/sys/net/ipv4/ip_local_port_range";
    private const int End = 65536;
    private const int Attempts = 100;

    private static readonly ConcurrentDictionary<int, bool> Given = new();

    /// <summary>A port of 127.0.0.1 that is free now and was not given before.</summary>
    public static int Next()
    {
        var first = EndOfSystemsRange();
        for (var attempt = 0; attempt < Attempts && End - first > Attempts; attempt++)
        {
            if (TryBind(RandomNumberGenerator.GetInt32(first, End)) is { } port && Given.TryAdd(port, true))
            {
                return port;
            }
        }

        return TryBind(0)!.Value;
    }

    private static int EndOfSystemsRange()
    {
        try
        {
            var words = File.ReadAllText(SystemsRange).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            return int.Parse(words[1], NumberStyles.None, CultureInfo.InvariantCulture) + 1;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return End;
        }
    }

    private static int? TryBind(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return ((IPEndPoint)socket.LocalEndPoint!).Port;
        }
        catch (SocketException) when (port != 0)
        {
            return null;
        }
    }
}
