using Hangfire;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Shop.Fulfilment.Data;
using Shop.Fulfilment.Jobs;

namespace Shop.Fulfilment.Sales;

/// <summary>Writes the reports of the last days, one a day. The same sales make the same file, so any number of runs is as good as one.</summary>
internal sealed class SalesReport(
    FulfilmentDbContext database, ReportFolder folder, IOptions<ReportSettings> settings, IOptions<JobSettings> jobs, TimeProvider time)
{
    [JobDisplayName("Write the sales reports")]
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        var zone = jobs.Value.FindTimeZone();
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), zone).DateTime);
        var first = today.AddDays(-settings.Value.Days);
        for (var day = first; day < today; day = day.AddDays(1))
        {
            await folder.WriteAsync(day, ReadAsync(StartOf(day, zone), StartOf(day.AddDays(1), zone)), cancellationToken);
        }

        return $"{first:O} to {today.AddDays(-1):O}";
    }

    /// <summary>When a day begins. Where clocks are put forward at midnight that is the next moment there is, where they are put back the first of the two.</summary>
    private static DateTimeOffset StartOf(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        var offset = zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max()
            : zone.IsInvalidTime(midnight) ? zone.GetUtcOffset(midnight.AddHours(-12))
            : zone.GetUtcOffset(midnight);
        return new DateTimeOffset(midnight, offset).ToUniversalTime();
    }

    private IAsyncEnumerable<ReportLine> ReadAsync(DateTimeOffset from, DateTimeOffset to) => database.Database.SqlQuery<ReportLine>(
        $"""
         SELECT (line->>'productId')::uuid AS "ProductId", max((line->>'name') COLLATE "C") AS "Product", line->'unitPrice'->>'currency' AS "Currency",
                count(DISTINCT order_id) AS "Orders", sum((line->>'quantity')::bigint)::bigint AS "Pieces",
                sum((line->>'quantity')::numeric * (line->'unitPrice'->>'amount')::numeric) AS "Revenue"
         FROM sales CROSS JOIN LATERAL jsonb_array_elements(lines) AS line
         WHERE completed_at >= {from} AND completed_at < {to}
         GROUP BY line->>'productId', line->'unitPrice'->>'currency'
         ORDER BY (line->>'productId') COLLATE "C", (line->'unitPrice'->>'currency') COLLATE "C"
         """).AsAsyncEnumerable();
}
