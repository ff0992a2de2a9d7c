using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Runs the commands of resources.</summary>
public class ResourceCommandService
{
    private readonly DistributedApplicationModel _model;
    private readonly ResourceNotificationService _notifications;
    private readonly ResourceLoggerService _loggers;
    private readonly IServiceProvider _services;

    internal ResourceCommandService(
        DistributedApplicationModel model, ResourceNotificationService notifications, ResourceLoggerService loggers, IServiceProvider services)
    {
        _model = model;
        _notifications = notifications;
        _loggers = loggers;
        _services = services;
    }

    /// <summary>Runs a command of one instance of a resource.</summary>
    /// <param name="resourceId">The instance's id; a resource's name stands for all its instances.</param>
    /// <param name="commandName">The command's name.</param>
    /// <param name="cancellationToken">Cancels the command.</param>
    /// <returns>The command's own result; a failure with the reason when there is no such resource or command, when it cannot be used now, or when it throws.</returns>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default)
    {
        if (_notifications.TryGetCurrentState(resourceId, out var current))
        {
            return ExecuteAsync(current.Resource, current.ResourceId, commandName, cancellationToken);
        }

        var resource = _model.Resources.FirstOrDefault(resource => string.Equals(resource.Name, resourceId, StringComparison.OrdinalIgnoreCase));
        return resource is null
            ? Task.FromResult(CommandResults.Failure($"There is no resource '{resourceId}'."))
            : ExecuteCommandAsync(resource, commandName, cancellationToken);
    }

    /// <summary>Runs a command of a resource, of all its instances at the same time where it has several.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="commandName">The command's name.</param>
    /// <param name="cancellationToken">Cancels the command.</param>
    /// <returns>The result as for one instance; of several, the first that is no success.</returns>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(resource);
        var results = await Task.WhenAll(resource.GetInstanceIds().Select(id => ExecuteAsync(resource, id, commandName, cancellationToken))).ConfigureAwait(false);
        return results.FirstOrDefault(result => !result.Success) ?? results[0];
    }

    private async Task<ExecuteCommandResult> ExecuteAsync(IResource resource, string id, string commandName, CancellationToken cancellationToken)
    {
        var command = resource.Annotations.OfType<ResourceCommandAnnotation>().LastOrDefault(command => command.Name == commandName);
        if (command is null)
        {
            return CommandResults.Failure($"The resource '{id}' has no command '{commandName}'.");
        }

        var logger = _loggers.GetLogger(id);
        try
        {
            if (_notifications.TryGetCurrentState(id, out var current)
                && command.UpdateState(new UpdateCommandStateContext { ResourceSnapshot = current.Snapshot, Services = _services }) != ResourceCommandState.Enabled)
            {
                return CommandResults.Failure(
                    $"The command '{commandName}' of resource '{id}' cannot be used in the state '{current.Snapshot.State?.Text ?? "unknown"}'.");
            }

            return await command.ExecuteCommand(new ExecuteCommandContext
            {
                Services = _services,
                ResourceName = id,
                CancellationToken = cancellationToken,
                Logger = logger,
            }).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return CommandResults.Canceled();
        }
#pragma warning disable CA1031 // The command is the author's: what it throws is its result, and must not end who asked for it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            logger.LogError(exception, "The command '{Command}' of resource '{Resource}' failed.", commandName, id);
            return CommandResults.Failure(exception);
        }
    }
}
