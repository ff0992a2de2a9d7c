using System.Globalization;
using CsvHelper;
using Microsoft.Extensions.Options;

namespace Shop.Fulfilment.Sales;

/// <summary>The reports as files, <c>sales-2026-01-31.csv</c>. A file is there as a whole or not at all.</summary>
internal sealed class ReportFolder(IOptions<ReportSettings> settings)
{
    private const string DayFormat = "yyyy-MM-dd";

    private static readonly TimeSpan LongestWriting = TimeSpan.FromDays(1);

    private static readonly CsvWriterOptions Format = new()
    {
        NewLine = "\n",

        // Names of products are other people's text, and spreadsheets take some of it for formulas.
        Injection = CsvInjection.Escape,
    };

    public async Task WriteAsync(DateOnly day, IAsyncEnumerable<ReportLine> lines, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(Path.GetFullPath(settings.Value.Folder)).FullName;
        var name = $"sales-{day.ToString(DayFormat, CultureInfo.InvariantCulture)}.csv";
        var unfinished = Path.Combine(folder, $".{name}.{Guid.NewGuid():N}.tmp");
        try
        {
            await using (var file = new FileStream(unfinished, FileMode.CreateNew))
            {
                await WriteAsync(file, day, lines, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, Path.Combine(folder, name), overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>Deletes reports of days that are too long ago, and what killed processes left unfinished.</summary>
    /// <returns>How many.</returns>
    public int Clean(DateTimeOffset now, TimeSpan keep)
    {
        var folder = new DirectoryInfo(Path.GetFullPath(settings.Value.Folder));
        if (!folder.Exists)
        {
            return 0;
        }

        var first = DateOnly.FromDateTime((now - keep).UtcDateTime);
        var old = folder.EnumerateFiles("sales-*.csv").Where(file => DayOf(file) < first)
            .Concat(folder.EnumerateFiles(".sales-*.tmp").Where(file => now.UtcDateTime - file.LastWriteTimeUtc > LongestWriting))
            .ToList();
        old.ForEach(file => file.Delete());
        return old.Count;
    }

    private static DateOnly? DayOf(FileInfo file) => DateOnly.TryParseExact(
        Path.GetFileNameWithoutExtension(file.Name)["sales-".Length..], DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static async Task WriteAsync(Stream file, DateOnly day, IAsyncEnumerable<ReportLine> lines, CancellationToken cancellationToken)
    {
        await using var csv = CsvWriter.Create(file, Format, leaveOpen: true);
        csv.WriteHeader("date", "product_id", "product", "currency", "orders", "pieces", "revenue_minor_units");
        await foreach (var line in lines.WithCancellation(cancellationToken))
        {
            csv.WriteField(day.ToString(DayFormat, CultureInfo.InvariantCulture));
            csv.WriteField(line.ProductId.ToString());
            csv.WriteField(line.Product);
            csv.WriteField(line.Currency);
            csv.WriteField(line.Orders);
            csv.WriteField(line.Pieces);
            csv.WriteField(line.Revenue);
            await csv.EndRecordAsync(cancellationToken);
        }
    }
}
