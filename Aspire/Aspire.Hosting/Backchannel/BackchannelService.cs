using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Backchannel;

/// <summary>
/// Lets the aspire CLI find this AppHost, and the one that started it follow it. Without either everything else works all the same, so no failure here is an error.
/// </summary>
internal sealed partial class BackchannelService(
    AppHostState state,
    DistributedApplicationExecutionContext executionContext,
    IServiceProvider services,
    TimeProvider time,
    ILogger<DistributedApplication> logger) : IHostedService, IAsyncDisposable
{
    /// <summary>The setting that puts the sockets of this AppHost elsewhere, where no CLI looks: tests use it.</summary>
    internal const string FolderSetting = "AppHost:BackchannelFolder";

    private static readonly TimeSpan TimeForClient = TimeSpan.FromSeconds(60);

    private readonly TaskCompletionSource _clientCame = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _clientLeft = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<BackchannelListener?> _auxiliary = Task.FromResult<BackchannelListener?>(null);
    private Task<BackchannelListener?> _main = Task.FromResult<BackchannelListener?>(null);

    /// <summary>Waits until the CLI that started the AppHost has come and gone; not at all when none can come, and not long when none does.</summary>
    public async Task UntilClientLeavesAsync(CancellationToken cancellationToken)
    {
        if (await _main is null)
        {
            return;
        }

        try
        {
            await _clientCame.Task.WaitAsync(TimeForClient, time, cancellationToken);
            await _clientLeft.Task.WaitAsync(cancellationToken);
        }
        catch (TimeoutException)
        {
            logger.LogWarning("The aspire CLI that started this AppHost has not connected to it.");
        }
    }

    /// <summary>Starts to listen, in the background: nobody who starts an application waits for the CLI.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (executionContext.IsRunMode)
        {
            _auxiliary = Task.Run(ListenAuxiliary, CancellationToken.None);
        }

        if (state.MainSocket is { } path)
        {
            _main = Task.Run(() => ListenMain(path), CancellationToken.None);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        foreach (var listening in (Task<BackchannelListener?>[])[
            Interlocked.Exchange(ref _auxiliary, Task.FromResult<BackchannelListener?>(null)),
            Interlocked.Exchange(ref _main, Task.FromResult<BackchannelListener?>(null))])
        {
            if (await listening is { } listener)
            {
                await listener.DisposeAsync();
            }
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
            var folder = state.Setting(FolderSetting)
                ?? BackchannelSocket.Folder(state.Setting("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));
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

    private BackchannelListener? ListenMain(string path)
    {
        try
        {
            return new BackchannelListener(path, ServeMainAsync, logger);
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            logger.LogWarning(
                "The aspire CLI that started this AppHost cannot follow it: the socket {Path} (ASPIRE_BACKCHANNEL_PATH) cannot be opened. {Reason}", path, exception.Message);
            return null;
        }
    }

    private async Task ServeMainAsync(Stream stream, CancellationToken stopping)
    {
        using var calls = ActivatorUtilities.CreateInstance<MainCalls>(services);

        // The CLI asks for the capabilities first. Who does not is somebody else.
        calls.Introduced = () => _clientCame.TrySetResult();
        try
        {
            await BackchannelRpc.ServeMainAsync(stream, state, calls, stopping);
        }
        finally
        {
            if (_clientCame.Task.IsCompleted)
            {
                _clientLeft.TrySetResult();
            }
        }
    }

    [LoggerMessage(LogLevel.Debug, "The aspire CLI cannot find this AppHost.")]
    private static partial void LogNotFound(ILogger logger, Exception exception);
}
