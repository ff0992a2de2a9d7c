namespace Trellis.Messaging.Tests;

/// <summary>One server for the tests of a class, where one is installed.</summary>
public sealed class RabbitFixture : IAsyncLifetime
{
    private RabbitServer? _server;

    /// <summary>The server; tests are skipped where there is none.</summary>
    internal RabbitServer Server => _server!;

    public async Task InitializeAsync() => _server = RabbitServer.Missing is null ? await RabbitServer.StartAsync() : null;

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
