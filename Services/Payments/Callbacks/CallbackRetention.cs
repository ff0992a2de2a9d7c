using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Shop.Payments.Data;
using Shop.Payments.Provider;

namespace Shop.Payments.Callbacks;

/// <summary>Forgets callbacks that are too old to come again.</summary>
internal sealed partial class CallbackRetention(
    IServiceScopeFactory scopes, DatabasePreparation preparation, IOptions<ProviderSettings> settings, TimeProvider time, ILogger<CallbackRetention> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await preparation.Done.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var before = time.GetUtcNow() - settings.Value.RememberCallbacksFor;
                await scope.ServiceProvider.GetRequiredService<PaymentsDbContext>().Callbacks
                    .Where(callback => callback.ReceivedAt < before)
                    .ExecuteDeleteAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogLater(logger, failure.GetBaseException().Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old callbacks are forgotten later ({Reason})")]
    private static partial void LogLater(ILogger logger, string reason);
}
