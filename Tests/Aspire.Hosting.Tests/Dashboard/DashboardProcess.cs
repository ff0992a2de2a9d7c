using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>Runs the dashboard's resource the way the engine does: its command, arguments and environment, its output as its log, its end as its state.</summary>
internal sealed class DashboardProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _ended;

    private DashboardProcess(Process process, Task ended)
    {
        _process = process;
        _ended = ended;
    }

    public static async Task<DashboardProcess> StartAsync(DashboardUnderTest dashboard, ExecutableResource resource)
    {
        var start = new ProcessStartInfo(resource.Command)
        {
            WorkingDirectory = resource.WorkingDirectory,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var arguments = new CommandLineArgsCallbackContext([], resource);
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
        {
            await annotation.Callback(arguments);
        }

        var environment = new EnvironmentCallbackContext(new DistributedApplicationExecutionContext(DistributedApplicationOperation.Run), resource);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(environment);
        }

        arguments.Args.Cast<string>().ToList().ForEach(start.ArgumentList.Add);
        foreach (var (name, value) in environment.EnvironmentVariables)
        {
            start.Environment[name] = (string)value;
        }

        var process = Process.Start(start)!;
        await dashboard.Notifications.PublishUpdateAsync(resource, snapshot => snapshot with { State = KnownResourceStates.Running });
        return new DashboardProcess(process, FollowAsync(process, dashboard, resource));
    }

    public Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        return _ended;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private static async Task FollowAsync(Process process, DashboardUnderTest dashboard, ExecutableResource resource)
    {
        var log = dashboard.Logs.GetLogger(resource);
        await Task.WhenAll(ReadAsync(process.StandardOutput, LogLevel.Information), ReadAsync(process.StandardError, LogLevel.Error), process.WaitForExitAsync());
        dashboard.Logs.Complete(resource);
        await dashboard.Notifications.PublishUpdateAsync(resource, snapshot => snapshot with { State = KnownResourceStates.Exited, ExitCode = process.ExitCode });

        async Task ReadAsync(StreamReader output, LogLevel level)
        {
            while (await output.ReadLineAsync() is { } line)
            {
                log.Log(level, "{Line}", line);
            }
        }
    }
}
