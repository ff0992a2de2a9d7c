using System.Text.Json.Nodes;
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
    /// <summary>The setting with which the CLI that starts an AppHost says where it wants to talk to it.</summary>
    public const string MainSocketSetting = "ASPIRE_BACKCHANNEL_PATH";

    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Gets the AppHost's project file.</summary>
    public string Path => configuration["AppHost:FilePath"] ?? configuration["AppHost:Path"]!;

    public ResourceNotificationService Notifications => notifications;

    public ResourceLoggerService Logs => logs;

    public DistributedApplicationModel Model => model;

    /// <summary>The socket on which the CLI that started the AppHost wants to talk to it; null when none did.</summary>
    public string? MainSocket => Setting(MainSocketSetting);

    /// <summary>Completes when the CLI that started the AppHost has said that it is ready; without a CLI there is nothing to wait for.</summary>
    public Task Ready => MainSocket is null ? Task.CompletedTask : _ready.Task;

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
        if (request.ValidateOnly)
        {
            return new CommandResult(Success: false, Canceled: false, "Loading the arguments of a command without running it is not supported.", null);
        }

        var result = await commands.ExecuteCommandAsync(
            request.ResourceName, request.CommandName, ToArguments(request.Arguments), mayAsk: !request.NonInteractive, cancellationToken);
        return new CommandResult(
            result.Success,
            result.Canceled,
            result.Message,
            result.Data is { } data ? new CommandValue(data.Value, data.Format.ToString().ToLowerInvariant(), data.DisplayImmediately) : null)
        {
            ValidationErrors =
            [
                .. (result.InvalidArguments ?? new InteractionInputCollection([])).SelectMany(input => input.ValidationErrors.Select(error => new ArgumentError(input.Name, error))),
            ],
        };
    }

    private static CommandArguments ToArguments(JsonNode? arguments) => arguments switch
    {
        null => CommandArguments.None,
        JsonObject byName => CommandArguments.ByName(byName.Select(argument => KeyValuePair.Create(argument.Key, argument.Value?.ToString()))),
        JsonArray byPlace => CommandArguments.ByPlace(byPlace.Select(value => value?.ToString())),
        _ => throw new ArgumentException("The arguments of a command have to be an object or an array.", nameof(arguments)),
    };

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

    /// <summary>Where the dashboard is, as soon as somebody who goes there gets an answer.</summary>
    /// <param name="patience">How long to wait for that.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<DashboardUrls> DashboardUrlsAsync(TimeSpan patience, CancellationToken cancellationToken) =>
        await DashboardAsync(patience, cancellationToken) is { } dashboard
            ? new DashboardUrls(DashboardHealthy: true, dashboard.LoginUrl)
            : new DashboardUrls(DashboardHealthy: false, BaseUrlWithLoginToken: null);

    /// <summary>Where telemetry can be read, as soon as somebody who asks there gets an answer.</summary>
    /// <param name="patience">How long to wait for that.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<DashboardInfo> DashboardInfoAsync(TimeSpan patience, CancellationToken cancellationToken) =>
        await DashboardAsync(patience, cancellationToken) is { } dashboard
            ? new DashboardInfo(dashboard.FrontendUrl, dashboard.TelemetryApiKey, [dashboard.LoginUrl], IsHealthy: true)
            : new DashboardInfo(ApiBaseUrl: null, ApiToken: null, [], IsHealthy: false);

    private async Task<DashboardOptions?> DashboardAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            return services.GetService<DashboardLauncher>() is { } launcher && await launcher.Answers.WaitAsync(patience, cancellationToken)
                ? services.GetService<DashboardOptions>()
                : null;
        }
        catch (TimeoutException)
        {
            return null;
        }
    }
}
