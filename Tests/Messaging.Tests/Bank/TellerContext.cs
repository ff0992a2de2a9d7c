using Microsoft.EntityFrameworkCore;

namespace Trellis.Messaging.Tests.Bank;

/// <summary>What was ordered, and what came back.</summary>
internal sealed class TellerContext(DbContextOptions<TellerContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Transfer>().ToTable("transfers");
        modelBuilder.Entity<Booking>().ToTable("bookings");
        modelBuilder.Entity<Sequence>().ToTable("sequences").HasKey(sequence => sequence.Account);
        modelBuilder.Entity<Sequence>().Property(sequence => sequence.Account).ValueGeneratedNever();
        modelBuilder.Entity<Sequence>().HasData(Enumerable.Range(0, LedgerContext.Accounts).Select(account => new Sequence { Account = account }));
        modelBuilder.Entity<Violation>().ToTable("violations");
        modelBuilder.AddMessaging();
    }
}

internal sealed class Transfer
{
    public Guid Id { get; init; }

    public int From { get; init; }

    public int Number { get; init; }
}

internal sealed class Booking
{
    public int Id { get; init; }

    public Guid TransferId { get; init; }
}

internal sealed class Sequence
{
    public int Account { get; init; }

    public int Ordered { get; init; }

    public int Booked { get; init; }
}

internal sealed class Violation
{
    public int Id { get; init; }

    public required string Text { get; init; }
}
