using Shop.Simulators.PaymentProvider.Faults;

namespace Shop.Simulators.PaymentProvider.Ledgers;

/// <summary>Settles pending charges after a while.</summary>
internal sealed partial class PendingCharges(Ledger ledger, FaultSwitches faults, TimeProvider time, ILogger<PendingCharges> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var charge in ledger.Pending.ReadAllAsync(stoppingToken))
        {
            _ = SettleAsync(charge, stoppingToken);
        }
    }

    private async Task SettleAsync(string charge, CancellationToken stoppingToken)
    {
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(faults.Current.PendingMs), time, stoppingToken);
            await ledger.RunAsync(book => book.Settle(charge));
        }
        catch (Exception failure)
        {
            // The simulator ends.
            LogAfterRestart(logger, charge, failure.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Charge {Charge} is settled after the next start ({Reason})")]
    private static partial void LogAfterRestart(ILogger logger, string charge, string reason);
}
