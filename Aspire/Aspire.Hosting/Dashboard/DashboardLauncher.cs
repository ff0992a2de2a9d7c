using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>
/// Adds the dashboard to the model before anything starts and says where it is once it answers. Without a dashboard the AppHost works all the
/// same, so whatever goes wrong here is reported and nothing else.
/// </summary>
internal sealed class DashboardLauncher(
    DashboardOptions options,
    DashboardResourceService resourceService,
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    IConfiguration configuration,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<DistributedApplication> logger) : IAsyncDisposable
{
    private const int LinesOfOutput = 30;
    private static readonly TimeSpan TimeToAnswer = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan TimeToFlushOutput = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
    private readonly TaskCompletionSource<bool> _answers = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _watching = Task.CompletedTask;

    /// <summary>Whether the dashboard answers; completes when that is known.</summary>
    public Task<bool> Answers => _answers.Task;

    /// <summary>Adds the dashboard's process to the model, unless something is in its way, and starts to serve the resources to it.</summary>
    public async Task AddToModelAsync(DistributedApplicationModel model, CancellationToken cancellationToken)
    {
        if (Obstacle() is { } obstacle)
        {
            options.GiveUp();
            logger.LogError("There is no dashboard: {Reason}.", obstacle);
            _answers.TrySetResult(false);
            return;
        }

        var resource = DashboardResource.Create(
            Path.GetFullPath(options.Path!), options, await resourceService.StartAsync(cancellationToken), configuration);

        // First, so that it is up while the others still start.
        model.Resources.Insert(0, resource);
        _watching = WatchAsync(resource, _stopping.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _watching;
        _stopping.Dispose();
    }

    private string? Obstacle()
    {
        if (options.Path is null)
        {
            return "its binary is not known. Build the AppHost, which restores it, or set ASPIRE_DASHBOARD_PATH to the file aspire-managed";
        }

        if (!File.Exists(options.Path))
        {
            return $"its binary {options.Path} does not exist. Build the AppHost again, or correct ASPIRE_DASHBOARD_PATH";
        }

        foreach (var (url, setting) in (IEnumerable<(string, string)>)[
            .. options.FrontendUrls.Select(url => (url, "ASPNETCORE_URLS")),
            (options.OtlpGrpcUrl, "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"),
            (options.OtlpHttpUrl, "ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL")])
        {
            var (_, host, port) = DashboardOptions.Parse(url)!.Value;
            if (PortOwner.IsTaken(host, port))
            {
                return $"port {port} is taken by {PortOwner.Describe(port) ?? "another process"}. End that process, or choose another port with {setting}";
            }
        }

        return null;
    }

    private async Task WatchAsync(ExecutableResource resource, CancellationToken stopping)
    {
        try
        {
            var ended = notifications.WaitForResourceAsync(
                resource.Name,
                change => change.Snapshot.State is { } state && KnownResourceStates.TerminalStates.Contains(state.Text),
                stopping);

            var answers = AnswersAsync(stopping);
            if (await Task.WhenAny(ended, answers) == answers)
            {
                if (await answers)
                {
                    _answers.TrySetResult(true);
                    logger.LogInformation("Now listening on: {Url}", options.FrontendUrl);
                    if (options.BrowserToken is not null)
                    {
                        logger.LogInformation("Login to the dashboard at {Url}", options.LoginUrl);
                    }
                }
                else
                {
                    _answers.TrySetResult(false);
                    ReportFailure($"did not answer at {options.FrontendUrl} within {TimeToAnswer.TotalSeconds:0} s", await OutputAsync(resource, stopping));
                }
            }

            var snapshot = (await ended).Snapshot;
            _answers.TrySetResult(false);
            ReportFailure($"ended ({snapshot.StateAndExitCode})", await OutputAsync(resource, stopping));
        }
        catch (OperationCanceledException)
        {
            // The AppHost stops, and the dashboard with it.
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "The dashboard could not be watched.");
        }
        finally
        {
            _answers.TrySetResult(false);
        }
    }

    private void ReportFailure(string failure, string output)
    {
        options.GiveUp();
        logger.LogError("The dashboard {Failure}. Everything else goes on.{Output}", failure, output);
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        // Never through a proxy: the address is this machine's.
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(5) };
        var start = time.GetTimestamp();
        while (time.GetElapsedTime(start) < TimeToAnswer)
        {
            try
            {
                using var answer = await client.GetAsync(options.FrontendUrl, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                return true;
            }
            catch (HttpRequestException exception) when (exception.HttpRequestError is HttpRequestError.SecureConnectionError)
            {
                // Somebody speaks TLS there; whether the certificate is trusted is the browser's question.
                return true;
            }
            catch (Exception exception) when (exception is HttpRequestException || !cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
            }
        }

        return false;
    }

    private async Task<string> OutputAsync(ExecutableResource resource, CancellationToken stopping)
    {
        // The last lines may still be on their way.
        using var deadline = new CancellationTokenSource(TimeToFlushOutput, time);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(stopping, deadline.Token);
        var output = new Queue<string>();
        try
        {
            await foreach (var lines in logs.WatchAsync(resource).WithCancellation(cancellation.Token))
            {
                foreach (var line in lines)
                {
                    output.Enqueue(line.Content);
                    if (output.Count > LinesOfOutput)
                    {
                        output.Dequeue();
                    }
                }
            }
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
        }

        return output.Count == 0 ? " It wrote nothing." : " It wrote last:" + string.Concat(output.Select(line => $"{Environment.NewLine}  {line}"));
    }
}
