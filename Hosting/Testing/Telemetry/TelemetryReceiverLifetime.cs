namespace Trellis.Hosting.Testing;

/// <summary>Listens for a receiver for as long as its application is not disposed.</summary>
internal sealed class TelemetryReceiverLifetime(TelemetryReceiver receiver) : IAsyncDisposable, IDisposable
{
    private readonly OtlpServer _server = new(receiver.Intake, receiver.ApiKey);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var (grpc, http) = await _server.StartAsync(cancellationToken).ConfigureAwait(false);
        receiver.Open(grpc, http);
    }

    public void Dispose()
    {
        receiver.Close();
        _server.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        receiver.Close();
        await _server.DisposeAsync().ConfigureAwait(false);
    }
}
