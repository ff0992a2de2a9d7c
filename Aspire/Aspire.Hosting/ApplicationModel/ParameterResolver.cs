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
    private Task _asking = Task.CompletedTask;
    private bool _disposed;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var missing = new List<ParameterResource>();
        foreach (var parameter in Parameters())
        {
            if (await ShowAsync(parameter) && interactions.IsAvailable)
            {
                parameter.Await();
                missing.Add(parameter);
            }
        }

        _asking = AskAsync(missing, _stopping.Token);
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
    /// <returns>Whether the value is missing.</returns>
    private async Task<bool> ShowAsync(ParameterResource parameter)
    {
        try
        {
            await ShowAsync(parameter, parameter.Value, new ResourceStateSnapshot(KnownResourceStates.Running, KnownResourceStateStyles.Success));
            return false;
        }
        catch (MissingParameterValueException exception)
        {
            loggers.GetLogger(parameter).LogWarning("{Message}", exception.Message);
            await ShowAsync(parameter, exception.Message, new ResourceStateSnapshot(KnownResourceStates.ValueMissing, KnownResourceStateStyles.Warn));
            return true;
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

    private async Task AskAsync(IReadOnlyList<ParameterResource> missing, CancellationToken cancellationToken)
    {
        try
        {
            await new ParameterDialog(interactions, userSecrets).AskAsync(missing, GiveAsync, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            // Such as a field of the author's that cannot be made.
            logger.LogError(exception, "The values of parameters cannot be asked for. Set them and start again.");
        }
    }

    private async Task GiveAsync(ParameterResource parameter, string value, bool? saved)
    {
        await ShowAsync(parameter, value, new ResourceStateSnapshot(KnownResourceStates.Running, KnownResourceStateStyles.Success));
        if (saved == false)
        {
            logger.LogWarning("The value of parameter '{Parameter}' could not be written to {File}; it holds for this run only.", parameter.Name, userSecrets.FilePath);
        }

        parameter.Give(value);
    }
}
