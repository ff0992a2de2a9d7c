using Aspire.Hosting.Interactions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Shows the value of every parameter, or that it is missing; has missing ones asked for where somebody can be asked.</summary>
internal sealed class ParameterResolver(
    DistributedApplicationModel model,
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    IInteractionService interactions,
    UserSecretsManager userSecrets,
    IHostApplicationLifetime lifetime,
    ILogger<DistributedApplication> logger) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopping = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
    private readonly Dictionary<ParameterResource, MissingParameterValueException> _missing = [];
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _asking = Task.CompletedTask;
    private bool _disposed;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var parameter in Parameters())
        {
            if (interactions.IsAvailable)
            {
                ParameterCommands.AddTo(parameter, userSecrets, GiveAsync, TakeAsync);
            }

            if (await ShowAsync(parameter) is { } reason && interactions.IsAvailable)
            {
                parameter.Await();
                _missing[parameter] = reason;
            }
        }

        _asking = AskAsync(_stopping.Token);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // An application that was disposed of may be stopped once more.
        if (!_disposed)
        {
            await _stopping.CancelAsync();
        }

        await _asking;
    }

    public void Dispose()
    {
        _disposed = true;
        _stopping.Dispose();
    }

    /// <summary>The parameters of the model, and those that others are made of, such as generated passwords.</summary>
    private IEnumerable<ParameterResource> Parameters() =>
        model.Resources
            .Concat(model.Resources.OfType<IResourceWithConnectionString>().SelectMany(resource => References.Of(resource.ConnectionStringExpression)).OfType<IResource>())
            .Concat(model.Resources.SelectMany(resource => resource.Annotations.OfType<ResourceRelationshipAnnotation>()).Select(relationship => relationship.Resource))
            .OfType<ParameterResource>()
            .DistinctBy(parameter => parameter.Name, StringComparer.OrdinalIgnoreCase)
            .ToList();

    /// <summary>Shows what there is.</summary>
    /// <returns>What says that the value is missing; null where there is one, and where it cannot be had at all.</returns>
    private async Task<MissingParameterValueException?> ShowAsync(ParameterResource parameter)
    {
        try
        {
            await ShowAsync(parameter, parameter.Value, new ResourceStateSnapshot(KnownResourceStates.Running, KnownResourceStateStyles.Success));
            return null;
        }
        catch (MissingParameterValueException exception)
        {
            loggers.GetLogger(parameter).LogWarning("{Message}", exception.Message);
            await ShowAsync(parameter, exception.Message, new ResourceStateSnapshot(KnownResourceStates.ValueMissing, KnownResourceStateStyles.Warn));
            return exception;
        }
#pragma warning disable CA1031 // The callback that finds the value is the author's: resources that use it fail with what it says, the others start.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            loggers.GetLogger(parameter).LogError(exception, "The value of parameter '{Parameter}' could not be found.", parameter.Name);
            await ShowAsync(parameter, exception.Message, new ResourceStateSnapshot("Error initializing parameter", KnownResourceStateStyles.Error));
            return null;
        }
    }

    private Task ShowAsync(ParameterResource parameter, string value, ResourceStateSnapshot state) =>
        notifications.PublishUpdateAsync(parameter, snapshot => snapshot with
        {
            Properties =
            [
                .. snapshot.Properties.Where(property => property.Name != "Value"),
                new ResourcePropertySnapshot("Value", value) { IsSensitive = parameter.Secret },
            ],
            State = state,
        });

    /// <summary>Asks for what is missing, and anew whenever a command has set or deleted a value, until the application stops or nobody can be asked.</summary>
    private async Task AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (interactions.IsAvailable)
            {
                var (missing, changed) = Missing();
                using var outdated = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                var asking = missing.Count == 0
                    ? Task.Delay(Timeout.Infinite, outdated.Token)
                    : new ParameterDialog(interactions, userSecrets).AskAsync(missing, GiveAsync, outdated.Token);
                await Task.WhenAny(asking, changed);
                await outdated.CancelAsync();
                await IgnoreCancellationAsync(asking, outdated.Token);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            // Such as a field of the author's that cannot be made.
            logger.LogError(exception, "The values of parameters cannot be asked for. Set them and start again.");
        }

        // The dashboard has ended, or could not ask.
        if (!cancellationToken.IsCancellationRequested)
        {
            StopWaiting();
        }
    }

    private static async Task IgnoreCancellationAsync(Task task, CancellationToken cancellationToken)
    {
        try
        {
            await task;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    private (IReadOnlyList<ParameterResource> Missing, Task Changed) Missing()
    {
        lock (_lock)
        {
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return ([.. _missing.Keys], _changed.Task);
        }
    }

    private void StopWaiting()
    {
        lock (_lock)
        {
            foreach (var (parameter, reason) in _missing)
            {
                parameter.StopWaiting(reason);
            }
        }
    }

    private async Task TakeAsync(ParameterResource parameter)
    {
        var reason = new MissingParameterValueException($"The value of parameter '{parameter.Name}' was deleted. Set it with the command '{KnownResourceCommands.SetParameterCommand}'.");
        lock (_lock)
        {
            parameter.Await();
            _missing[parameter] = reason;
            _changed.TrySetResult();
            if (!interactions.IsAvailable)
            {
                parameter.StopWaiting(reason);
            }
        }

        await ShowAsync(parameter, reason.Message, new ResourceStateSnapshot(KnownResourceStates.ValueMissing, KnownResourceStateStyles.Warn));
    }

    private async Task GiveAsync(ParameterResource parameter, string value, bool? saved)
    {
        await ShowAsync(parameter, value, new ResourceStateSnapshot(KnownResourceStates.Running, KnownResourceStateStyles.Success));
        if (saved == false)
        {
            logger.LogWarning("The value of parameter '{Parameter}' could not be written to {File}; it holds for this run only.", parameter.Name, userSecrets.FilePath);
        }

        lock (_lock)
        {
            parameter.Give(value);
            if (_missing.Remove(parameter))
            {
                _changed.TrySetResult();
            }
        }
    }
}
