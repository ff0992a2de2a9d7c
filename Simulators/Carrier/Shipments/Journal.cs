using System.Text.Json;

namespace Shop.Simulators.Carrier.Shipments;

/// <summary>A file to which shipments are only ever added, a line each; the last line of a reference counts.</summary>
internal sealed class Journal : IDisposable
{
    private const byte EndOfLine = (byte)'\n';

    private readonly FileStream _file;

    private Journal(FileStream file) => _file = file;

    /// <summary>Opens the journal and reads what is in it. No other process can have it open meanwhile.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static Journal Open(string folder, Action<Shipment> read)
    {
        Directory.CreateDirectory(folder);
        var file = new FileStream(Path.Combine(folder, "shipments.jsonl"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
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

    /// <summary>Adds shipments, all in one go, and waits for the disk.</summary>
    public void Write(IEnumerable<Shipment> shipments)
    {
        using var lines = new MemoryStream();
        foreach (var shipment in shipments)
        {
            JsonSerializer.Serialize(lines, shipment, JsonSerializerOptions.Web);
            lines.WriteByte(EndOfLine);
        }

        lines.WriteTo(_file);
        _file.Flush(flushToDisk: true);
    }

    public void Dispose() => _file.Dispose();

    private static long Read(FileStream file, Action<Shipment> read)
    {
        using var lines = new MemoryStream();
        file.CopyTo(lines);
        var rest = lines.GetBuffer().AsSpan(0, (int)lines.Length);
        long end = 0;
        while (rest.IndexOf(EndOfLine) is var length && length >= 0)
        {
            try
            {
                read(JsonSerializer.Deserialize<Shipment>(rest[..length], JsonSerializerOptions.Web) ?? throw new JsonException("It is null."));
            }
            catch (JsonException failure)
            {
                throw new InvalidDataException($"{file.Name} cannot be read at byte {end}: {failure.Message}", failure);
            }

            rest = rest[(length + 1)..];
            end += length + 1;
        }

        return end;
    }
}
