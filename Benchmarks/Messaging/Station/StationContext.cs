using Microsoft.EntityFrameworkCore;

namespace Trellis.Benchmarks.Messaging.Station;

/// <summary>The database of a station: one row a parcel that was sent or came in.</summary>
internal sealed class StationContext(DbContextOptions<StationContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Note>().ToTable("notes");
        modelBuilder.AddMessaging();
    }
}

internal sealed class Note
{
    public long Id { get; init; }

    public int Number { get; init; }

    public required string Address { get; init; }
}
