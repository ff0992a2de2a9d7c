using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Trellis.Messaging.Tests.Bank;

/// <summary>Orders transfers between random accounts, as many a second as the setting <c>Rate</c> says.</summary>
internal sealed partial class Teller(IServiceScopeFactory scopes, IConfiguration configuration, TimeProvider time, ILogger<Teller> logger) : BackgroundService
{
    private const int Windows = 8;

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var rate = configuration.GetValue("Rate", 0);
        return rate == 0 ? Task.CompletedTask : Task.WhenAll(Enumerable.Range(0, Windows).Select(_ => ServeAsync(TimeSpan.FromSeconds((double)Windows / rate), stoppingToken)));
    }

    private async Task ServeAsync(TimeSpan pause, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(pause, time);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
                await OrderAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(logger, failure.GetBaseException().Message);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task OrderAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<TellerContext>();
        var from = Random.Shared.Next(LedgerContext.Accounts);
        var to = (from + Random.Shared.Next(1, LedgerContext.Accounts)) % LedgerContext.Accounts;

        // The row's lock decides on the order within an account.
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        var number = (await database.Database
            .SqlQuery<int>($"UPDATE sequences SET \"Ordered\" = \"Ordered\" + 1 WHERE \"Account\" = {from} RETURNING \"Ordered\" AS \"Value\"")
            .ToListAsync(cancellationToken))[0];
        var transfer = new Transfer { Id = Guid.NewGuid(), From = from, Number = number };
        database.Add(transfer);
        await scope.ServiceProvider.GetRequiredService<IMessagePublisher>().PublishAsync(
            new TransferOrdered(transfer.Id, from, to, Random.Shared.Next(1, 100), number), new PublishOptions { PartitionKey = $"{from}" }, cancellationToken);
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "No transfer: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
