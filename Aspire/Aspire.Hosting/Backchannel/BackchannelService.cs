using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Backchannel;

/// <summary>Lets the aspire CLI find this AppHost. Without it everything else works all the same, so no failure here is an error.</summary>
internal sealed partial class BackchannelService(AppHostState state, ILogger<BackchannelService> logger) : IHostedService, IAsyncDisposable
{
    private Task<BackchannelListener?> _auxiliary = Task.FromResult<BackchannelListener?>(null);

    /// <summary>Starts to listen, in the background: nobody who starts an application waits for the CLI.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _auxiliary = Task.Run(ListenAuxiliary, CancellationToken.None);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        if (await Interlocked.Exchange(ref _auxiliary, Task.FromResult<BackchannelListener?>(null)) is { } listener)
        {
            await listener.DisposeAsync();
        }
    }

    private BackchannelListener? ListenAuxiliary()
    {
        if (OperatingSystem.IsWindows())
        {
            // The engine does not run there, and a folder has no mode that keeps others out.
            return null;
        }

        try
        {
            var folder = BackchannelSocket.Folder(state.Setting("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            BackchannelSocket.DeleteStale(folder, state.Path);
            return new BackchannelListener(
                BackchannelSocket.NewPath(folder, state.Path),
                (stream, stopping) => BackchannelRpc.ServeAuxiliaryAsync(stream, state, stopping),
                logger);
        }
        catch (Exception exception)
        {
            LogNotFound(logger, exception);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Debug, "The aspire CLI cannot find this AppHost.")]
    private static partial void LogNotFound(ILogger logger, Exception exception);
}
