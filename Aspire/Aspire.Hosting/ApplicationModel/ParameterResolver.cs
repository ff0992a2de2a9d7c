using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Shows the value of every parameter, or that it is missing.</summary>
internal sealed class ParameterResolver(DistributedApplicationModel model, ResourceNotificationService notifications, ResourceLoggerService loggers)
    : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var parameter in model.Resources.OfType<ParameterResource>())
        {
            await ShowAsync(parameter);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task ShowAsync(ParameterResource parameter)
    {
        try
        {
            var value = parameter.Value;
            await notifications.PublishUpdateAsync(parameter, s => s with
            {
                Properties = [.. s.Properties.Where(p => p.Name != "Value"), new ResourcePropertySnapshot("Value", value) { IsSensitive = parameter.Secret }],
                State = new ResourceStateSnapshot(KnownResourceStates.Running, KnownResourceStateStyles.Success),
            });
        }
        catch (MissingParameterValueException exception)
        {
            Microsoft.Extensions.Logging.LoggerExtensions.LogError(loggers.GetLogger(parameter), "{Message}", exception.Message);
            await notifications.PublishUpdateAsync(parameter, s => s with
            {
                State = new ResourceStateSnapshot(KnownResourceStates.ValueMissing, KnownResourceStateStyles.Error),
            });
        }
    }
}
