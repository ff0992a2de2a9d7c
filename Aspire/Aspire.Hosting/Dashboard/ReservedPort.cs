using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Dashboard;

/// <summary>
/// A free port of 127.0.0.1, kept for a child process that is told of it and listens on it later.
/// </summary>
/// <remarks>
/// To bind port 0 and let go leaves a gap in which the system can hand the port to somebody else. This socket stays bound and never listens:
/// the system then gives the port to nobody who asks for "any" port, neither to listen nor to connect from, while a process that names the
/// port may still listen on it, because .NET binds TCP sockets with SO_REUSEADDR on Unix and Linux lets two such sockets share an address as
/// long as one listens at most. So a child that was restarted gets its port back, too. The alternative, a Service of DCP, costs every span a
/// hop through DCP's proxy and is known only after DCP runs.
/// </remarks>
internal sealed class ReservedPort : IDisposable
{
    private readonly Socket _socket;

    private ReservedPort(Socket socket)
    {
        _socket = socket;
        Number = ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Gets the port's number.</summary>
    public int Number { get; }

    /// <summary>Reserves a port of the system's choice.</summary>
    public static ReservedPort OnLoopback()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            return new ReservedPort(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => _socket.Dispose();
}
