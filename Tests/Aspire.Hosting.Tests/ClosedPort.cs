using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Tests;

/// <summary>A port of this machine on which nobody listens.</summary>
internal static class ClosedPort
{
    public static int Get()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
