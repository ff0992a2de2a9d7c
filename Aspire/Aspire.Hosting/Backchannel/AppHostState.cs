using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Backchannel;

/// <summary>What the CLI may know about this AppHost, whichever socket it asks on.</summary>
internal sealed class AppHostState(
    IConfiguration configuration,
    DistributedApplicationModel model,
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    ResourceCommandService commands,
    IHostApplicationLifetime lifetime,
    IServiceProvider services)
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Gets the AppHost's project file.</summary>
    public string Path => configuration["AppHost:FilePath"] ?? configuration["AppHost:Path"]!;

    public ResourceNotificationService Notifications => notifications;

    public ResourceLoggerService Logs => logs;

    public DistributedApplicationModel Model => model;

    /// <summary>Completes when the CLI that started the AppHost has said that it is.</summary>
    public Task Ready => _ready.Task;

    public CancellationToken Stopping => lifetime.ApplicationStopping;

    public void MarkReady() => _ready.TrySetResult();

    public void Stop() => lifetime.StopApplication();

    public string? Setting(string name) => configuration[name] is { Length: > 0 } value ? value : null;

    /// <summary>The ids of a resource's instances; the one if the name is an instance's already; none if there is no such resource.</summary>
    public IReadOnlyList<string> InstancesOf(string name)
    {
        foreach (var resource in model.Resources)
        {
            var ids = resource.GetInstanceIds();
            if (string.Equals(resource.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return ids;
            }

            if (ids.FirstOrDefault(id => string.Equals(id, name, StringComparison.OrdinalIgnoreCase)) is { } known)
            {
                return [known];
            }
        }

        return [];
    }

    /// <summary>The state of every instance that has one.</summary>
    public IEnumerable<ResourceEvent> Current()
    {
        foreach (var id in model.Resources.SelectMany(resource => resource.GetInstanceIds()))
        {
            if (notifications.TryGetCurrentState(id, out var state))
            {
                yield return state;
            }
        }
    }

    /// <summary>Runs a command of a resource.</summary>
    public async Task<CommandResult> ExecuteAsync(CommandRequest request, CancellationToken cancellationToken)
    {
        var result = await commands.ExecuteCommandAsync(request.ResourceName, request.CommandName, cancellationToken);
        return new CommandResult(result.Success, result.Message);
    }

    /// <summary>The values of secret parameters that are known by now.</summary>
    public async Task<IReadOnlyCollection<string>> SecretsAsync(CancellationToken cancellationToken)
    {
        var secrets = new List<string>();
        foreach (var parameter in model.Resources.OfType<ParameterResource>().Where(parameter => parameter is { Secret: true, IsAwaited: false }))
        {
            try
            {
                if (await parameter.GetValueAsync(cancellationToken) is { Length: > 0 } value)
                {
                    secrets.Add(value);
                }
            }
            catch (DistributedApplicationException)
            {
                // A parameter without a value has nothing to hide.
            }
        }

        return secrets;
    }

    public DashboardUrls DashboardUrls() =>
        services.GetService<DashboardOptions>() is { } dashboard && DashboardIsHealthy()
            ? new DashboardUrls(DashboardHealthy: true, dashboard.LoginUrl)
            : new DashboardUrls(DashboardHealthy: false, BaseUrlWithLoginToken: null);

    public DashboardInfo DashboardInfo() =>
        services.GetService<DashboardOptions>() is { } dashboard && DashboardIsHealthy()
            ? new DashboardInfo(dashboard.FrontendUrl, dashboard.TelemetryApiKey, [dashboard.LoginUrl], IsHealthy: true)
            : new DashboardInfo(ApiBaseUrl: null, ApiToken: null, [], IsHealthy: false);

    private bool DashboardIsHealthy() =>
        InstancesOf(DashboardResource.Name).Any(id =>
            notifications.TryGetCurrentState(id, out var state) && state.Snapshot.State?.Text == KnownResourceStates.Running);
}
