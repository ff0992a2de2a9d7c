using System.Net;
using System.Net.Sockets;

namespace Trellis.Hosting.Processes.KafkaMock;

/// <summary>
/// Passes connections on to the broker, which chooses its port itself. Clients come here first, to be told where the broker is, and then go there.
/// </summary>
internal sealed class FrontDoor : IDisposable
{
    private readonly TcpListener _listener;
    private readonly IPEndPoint _broker;

    /// <summary>Opens the door.</summary>
    /// <exception cref="SocketException">The port is taken.</exception>
    public FrontDoor(int port, IPEndPoint broker)
    {
        _broker = broker;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
    }

    public async Task ServeAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                _ = PassOnAsync(await _listener.AcceptTcpClientAsync(cancellationToken), cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    public void Dispose() => _listener.Dispose();

    private async Task PassOnAsync(TcpClient client, CancellationToken cancellationToken)
    {
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                await server.ConnectAsync(_broker, cancellationToken);
                var (inside, outside) = (server.GetStream(), client.GetStream());
                await Task.WhenAny(outside.CopyToAsync(inside, cancellationToken), inside.CopyToAsync(outside, cancellationToken));
            }
            catch (Exception failure) when (failure is IOException or SocketException or OperationCanceledException)
            {
                // One of them has left.
            }
        }
    }
}
