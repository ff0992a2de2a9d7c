using Hangfire;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Shop.Fulfilment.Data;
using Shop.Fulfilment.Sales;

namespace Shop.Fulfilment.Jobs;

/// <summary>Deletes what is too old: settled shipments, sales and reports.</summary>
internal sealed class Cleanup(FulfilmentDbContext database, ReportFolder reports, IOptions<CleanupSettings> settings, TimeProvider time)
{
    /// <summary>Rows at a time, so that no transaction is long.</summary>
    private const int Batch = 5000;

    [JobDisplayName("Delete what is too old")]
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (shipmentsBefore, salesBefore) = (now - settings.Value.KeepShipments, now - settings.Value.KeepSales);
        var shipments = await DeleteAsync(() => database.Database.ExecuteSqlAsync(
            $"DELETE FROM shipments WHERE order_id IN (SELECT order_id FROM shipments WHERE ended_at < {shipmentsBefore} LIMIT {Batch}) AND ended_at < {shipmentsBefore}",
            cancellationToken));
        var sales = await DeleteAsync(() => database.Database.ExecuteSqlAsync(
            $"DELETE FROM sales WHERE order_id IN (SELECT order_id FROM sales WHERE completed_at < {salesBefore} LIMIT {Batch})", cancellationToken));
        var files = reports.Clean(now, settings.Value.KeepReports);
        return $"{shipments} shipments, {sales} sales, {files} reports";
    }

    private static async Task<long> DeleteAsync(Func<Task<int>> delete)
    {
        long all = 0;
        for (var some = Batch; some == Batch; all += some)
        {
            some = await delete();
        }

        return all;
    }
}
