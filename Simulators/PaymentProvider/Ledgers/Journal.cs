using System.Text.Json;
using System.Text.Json.Serialization;

namespace Shop.Simulators.PaymentProvider.Ledgers;

/// <summary>A file to which entries are only ever added, a line each. What was written is on the disk.</summary>
internal sealed class Journal : IDisposable
{
    private const byte EndOfLine = (byte)'\n';

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private readonly FileStream _file;

    private Journal(FileStream file) => _file = file;

    /// <summary>Opens the journal and reads what is in it. No other process can have it open meanwhile.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static Journal Open(string folder, Action<Entry> read)
    {
        Directory.CreateDirectory(folder);
        var file = new FileStream(Path.Combine(folder, "ledger.jsonl"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            var end = Read(file, read);

            // Whoever was killed while it wrote the last line has told nobody of it.
            file.SetLength(end);
            file.Position = end;
            return new Journal(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Adds entries, all in one go, and waits for the disk.</summary>
    public void Write(IReadOnlyList<Entry> entries)
    {
        using var lines = new MemoryStream();
        foreach (var entry in entries)
        {
            JsonSerializer.Serialize(lines, entry, Format);
            lines.WriteByte(EndOfLine);
        }

        lines.WriteTo(_file);
        _file.Flush(flushToDisk: true);
    }

    public void Dispose() => _file.Dispose();

    private static long Read(FileStream file, Action<Entry> read)
    {
        using var lines = new MemoryStream();
        file.CopyTo(lines);
        var rest = lines.GetBuffer().AsSpan(0, (int)lines.Length);
        long end = 0;
        for (var line = 1; rest.IndexOf(EndOfLine) is var length && length >= 0; line++)
        {
            try
            {
                read(JsonSerializer.Deserialize<Entry>(rest[..length], Format) ?? throw new JsonException("It is null."));
            }
            catch (JsonException failure)
            {
                throw new InvalidDataException($"Line {line} of {file.Name} cannot be read: {failure.Message}", failure);
            }

            rest = rest[(length + 1)..];
            end += length + 1;
        }

        return end;
    }
}
