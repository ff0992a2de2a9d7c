using Microsoft.Extensions.DependencyInjection;
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
    /// <returns>
    /// The command's own result; a failure with the reason when there is no such resource or command, when it cannot be used now, when it needs arguments, or when it
    /// throws.
    /// </returns>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default)
        => ExecuteCommandAsync(resourceId, commandName, CommandArguments.None, mayAsk: false, cancellationToken);

    /// <summary>Runs a command of one instance of a resource.</summary>
    /// <param name="resourceId">The instance's id; a resource's name stands for all its instances.</param>
    /// <param name="commandName">The command's name.</param>
    /// <param name="arguments">The command's arguments: their names and values count.</param>
    /// <param name="cancellationToken">Cancels the command.</param>
    /// <returns>As without arguments; a failure that names the argument when one is missing, unknown or wrong.</returns>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(
        string resourceId, string commandName, InteractionInputCollection arguments, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        return ExecuteCommandAsync(resourceId, commandName, CommandArguments.From(arguments), mayAsk: false, cancellationToken);
    }

    /// <summary>Runs a command of a resource, of all its instances at the same time where it has several.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="commandName">The command's name.</param>
    /// <param name="cancellationToken">Cancels the command.</param>
    /// <returns>The result as for one instance; of several, the first that is no success.</returns>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName, CancellationToken cancellationToken = default)
        => ExecuteAllAsync(resource, commandName, CommandArguments.None, mayAsk: false, cancellationToken);

    /// <summary>Runs a command of a resource, of all its instances at the same time where it has several.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="commandName">The command's name.</param>
    /// <param name="arguments">The command's arguments: their names and values count.</param>
    /// <param name="cancellationToken">Cancels the command.</param>
    /// <returns>The result as for one instance; of several, the first that is no success.</returns>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(
        IResource resource, string commandName, InteractionInputCollection arguments, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        return ExecuteAllAsync(resource, commandName, CommandArguments.From(arguments), mayAsk: false, cancellationToken);
    }

    /// <summary>Runs a command; asks the user for the arguments where none are given and <paramref name="mayAsk"/> allows it.</summary>
    internal Task<ExecuteCommandResult> ExecuteCommandAsync(
        string resourceId, string commandName, CommandArguments arguments, bool mayAsk, CancellationToken cancellationToken)
    {
        if (_notifications.TryGetCurrentState(resourceId, out var current))
        {
            return ExecuteAsync(current.Resource, current.ResourceId, commandName, arguments, mayAsk, cancellationToken);
        }

        var resource = _model.Resources.FirstOrDefault(resource => string.Equals(resource.Name, resourceId, StringComparison.OrdinalIgnoreCase));
        return resource is null
            ? Task.FromResult(CommandResults.Failure($"There is no resource '{resourceId}'."))
            : ExecuteAllAsync(resource, commandName, arguments, mayAsk, cancellationToken);
    }

    private async Task<ExecuteCommandResult> ExecuteAllAsync(
        IResource resource, string commandName, CommandArguments arguments, bool mayAsk, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resource);
        var results = await Task.WhenAll(
            resource.GetInstanceIds().Select(id => ExecuteAsync(resource, id, commandName, arguments, mayAsk, cancellationToken))).ConfigureAwait(false);
        return results.FirstOrDefault(result => !result.Success) ?? results[0];
    }

    private async Task<ExecuteCommandResult> ExecuteAsync(
        IResource resource, string id, string commandName, CommandArguments arguments, bool mayAsk, CancellationToken cancellationToken)
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

            var (inputs, refusal) = await SettleAsync(command, id, arguments, mayAsk, cancellationToken).ConfigureAwait(false);
            if (refusal is not null)
            {
                return refusal;
            }

            return await command.ExecuteCommand(new ExecuteCommandContext
            {
                Services = _services,
                ResourceName = id,
                Arguments = inputs,
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

    /// <summary>Finds the values that the command runs with, from what was given or from a dialog.</summary>
    /// <returns>The values; a result when the command is not to run.</returns>
    private async Task<(InteractionInputCollection Inputs, ExecuteCommandResult? Result)> SettleAsync(
        ResourceCommandAnnotation command, string id, CommandArguments arguments, bool mayAsk, CancellationToken cancellationToken)
    {
        var (inputs, complaint) = arguments.Bind(command);
        if (complaint is null && mayAsk && arguments.IsEmpty && inputs.Count > 0)
        {
            return await AskAsync(command, id, inputs, cancellationToken).ConfigureAwait(false);
        }

        complaint ??= await CommandArguments.CheckAsync(command, inputs, _services, cancellationToken).ConfigureAwait(false);
        return (inputs, complaint is null ? null : new ExecuteCommandResult
        {
            Success = false,
            Message = $"The command '{command.Name}' of resource '{id}' was not run: {complaint}",
            InvalidArguments = inputs,
        });
    }

    private async Task<(InteractionInputCollection Inputs, ExecuteCommandResult? Result)> AskAsync(
        ResourceCommandAnnotation command, string id, InteractionInputCollection inputs, CancellationToken cancellationToken)
    {
        if (_services.GetService<IInteractionService>() is not { IsAvailable: true } interactions)
        {
            return (inputs, CommandResults.Failure($"The command '{command.Name}' of resource '{id}' takes arguments, but nobody can be asked for them."));
        }

        var answer = await interactions.PromptInputsAsync(
            command.DisplayName,
            command.DisplayDescription,
            inputs.ToArray(),
            new InputsDialogInteractionOptions
            {
                PrimaryButtonText = command.DisplayName,
                ShowSecondaryButton = true,
                ShowDismiss = true,
                ValidationCallback = command.ValidateArguments,
            },
            cancellationToken).ConfigureAwait(false);
        return answer.Canceled ? (inputs, CommandResults.Canceled()) : (answer.Data, null);
    }
}
