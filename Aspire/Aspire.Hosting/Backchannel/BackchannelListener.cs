using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Backchannel;

/// <summary>Listens on a unix socket for any number of clients; the file is gone when this is disposed.</summary>
internal sealed partial class BackchannelListener : IAsyncDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _stopping = new();
    private readonly string _path;
    private readonly ILogger _logger;
    private readonly Task _accepting;

    /// <summary>Starts to listen.</summary>
    /// <param name="path">The socket's file; one that a killed process left is replaced.</param>
    /// <param name="serve">Serves one client until it or this ends.</param>
    /// <param name="logger">Where failures of clients are told.</param>
    public BackchannelListener(string path, Func<Stream, CancellationToken, Task> serve, ILogger logger)
    {
        _path = path;
        _logger = logger;
        try
        {
            DeleteLeftOver(path);
            _socket.Bind(new UnixDomainSocketEndPoint(path));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            _socket.Listen();
        }
        catch
        {
            _socket.Dispose();
            _stopping.Dispose();
            throw;
        }

        _accepting = AcceptAsync(serve);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _accepting;
        _socket.Dispose();
        _stopping.Dispose();
        File.Delete(_path);
    }

    /// <summary>Deletes the socket of a process that was killed; anything else that is there stays, and cannot be bound.</summary>
    private static void DeleteLeftOver(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        try
        {
            // A file, and not a socket, which cannot be opened. For writing too, because a pipe that nobody writes to would wait else.
            using var file = File.Open(path, FileMode.Open, FileAccess.ReadWrite);
            return;
        }
        catch (IOException)
        {
        }

        try
        {
            using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            client.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
        }
    }

    private async Task AcceptAsync(Func<Stream, CancellationToken, Task> serve)
    {
        var clients = new HashSet<Task>();
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                clients.RemoveWhere(client => client.IsCompleted);
                clients.Add(ServeAsync(await _socket.AcceptAsync(_stopping.Token), serve));
            }
            catch (OperationCanceledException)
            {
            }
            catch (SocketException exception)
            {
                LogFailed(_logger, exception, _path);
            }
        }

        await Task.WhenAll(clients);
    }

    private async Task ServeAsync(Socket client, Func<Stream, CancellationToken, Task> serve)
    {
        try
        {
            await using var stream = new NetworkStream(client, ownsSocket: true);
            await serve(stream, _stopping.Token);
        }
        catch (Exception exception)
        {
            // A client that goes away in the middle is an everyday event.
            LogFailed(_logger, exception, _path);
        }
    }

    [LoggerMessage(LogLevel.Debug, "A client of {Path} failed.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string path);
}
