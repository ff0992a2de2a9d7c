using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Dcp;

/// <summary>Chooses TCP ports that nothing uses; all that one instance gives out differ.</summary>
internal sealed class FreePorts : IDisposable
{
    private readonly List<Socket> _held = [];

    /// <summary>A free port of this machine; it is held until this instance is disposed.</summary>
    public int Next()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _held.Add(socket);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Whether something listens on a TCP port of the loopback address.</summary>
    public static bool IsTaken(int port)
    {
        // A server's own option, so that connections of an earlier run that are still closing do not count.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return false;
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressAlreadyInUse)
        {
            return true;
        }
    }

    public void Dispose() => _held.ForEach(socket => socket.Dispose());
}
