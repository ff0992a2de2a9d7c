using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Aspire.Hosting.Dashboard;

/// <summary>Says whether somebody listens on a port of this machine, and who.</summary>
internal static class PortOwner
{
    private static readonly string[] SocketTables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>Whether a server could not listen on <paramref name="port"/> of <paramref name="host"/>, which may be a wildcard.</summary>
    public static bool IsTaken(string host, int port) => Addresses(host).Any(address =>
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // As Kestrel does: a server on all IPv6 addresses is one on all IPv4 addresses, too.
            if (address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(new IPEndPoint(address, port));
            socket.Listen();
            return false;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode == SocketError.AddressAlreadyInUse;
        }
    });

    /// <summary>Names the process that listens on a port, as "name (pid 42)"; null when the system does not say.</summary>
    public static string? Describe(int port)
    {
        try
        {
            var inodes = SocketTables.Where(File.Exists).SelectMany(table => Inodes(table, port)).ToHashSet();
            if (inodes.Count == 0)
            {
                return null;
            }

            foreach (var process in Directory.EnumerateDirectories("/proc"))
            {
                if (int.TryParse(Path.GetFileName(process), CultureInfo.InvariantCulture, out var id) && Holds(process, inodes))
                {
                    return Name(id);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The answer is a courtesy; the process may be gone by now.
        }

        return null;
    }

    // The engine listens in the place of the services; whose engine it is tells more.
    private static string Name(int id)
    {
        var name = $"{File.ReadAllText($"/proc/{id}/comm").Trim()} (pid {id})";
        var owner = id;
        while (File.ReadAllText($"/proc/{owner}/comm").Trim() == "dcp" && Monitored(owner) is { } monitored)
        {
            owner = monitored;
        }

        return owner == id ? name : $"{name}, the engine of another AppHost: {File.ReadAllText($"/proc/{owner}/comm").Trim()} (pid {owner})";
    }

    // The process with which one of the engine ends.
    private static int? Monitored(int id)
    {
        var arguments = File.ReadAllText($"/proc/{id}/cmdline").Split('\0');
        return Array.IndexOf(arguments, "--monitor") is >= 0 and var at && at + 1 < arguments.Length
            && int.TryParse(arguments[at + 1], CultureInfo.InvariantCulture, out var monitored) && Directory.Exists($"/proc/{monitored}") ? monitored : null;
    }

    // Columns of proc_net_tcp(5): 1 is the local address as hex:hex, 3 the state (0A is LISTEN), 9 the inode.
    private static IEnumerable<string> Inodes(string table, int port) => File.ReadLines(table)
        .Skip(1)
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(columns => columns.Length > 9 && columns[3] == "0A" && columns[1].EndsWith($":{port:X4}", StringComparison.Ordinal))
        .Select(columns => $"socket:[{columns[9]}]");

    private static bool Holds(string process, HashSet<string> inodes)
    {
        try
        {
            return Directory.EnumerateFiles(Path.Combine(process, "fd"))
                .Any(descriptor => new FileInfo(descriptor).LinkTarget is { } target && inodes.Contains(target));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static IEnumerable<IPAddress> Addresses(string host)
    {
        if (IPAddress.TryParse(host.Trim('[', ']'), out var address))
        {
            return [address];
        }

        var everywhere = host is "*" or "+";
        var hasIPv6 = Socket.OSSupportsIPv6
            && NetworkInterface.GetAllNetworkInterfaces().Any(network => network.Supports(NetworkInterfaceComponent.IPv6));
        return (everywhere, hasIPv6) switch
        {
            (true, true) => [IPAddress.IPv6Any],
            (true, false) => [IPAddress.Any],
            (false, true) => [IPAddress.Loopback, IPAddress.IPv6Loopback],
            (false, false) => [IPAddress.Loopback],
        };
    }
}
