using Microsoft.EntityFrameworkCore;

namespace Trellis.Messaging.Tests.Bank;

/// <summary>The accounts, and a row for every transfer that took effect.</summary>
internal sealed class LedgerContext(DbContextOptions<LedgerContext> options) : DbContext(options)
{
    public const int Accounts = 20;
    public const long Deposit = 1_000_000;

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Account>().ToTable("accounts").Property(account => account.Id).ValueGeneratedNever();
        modelBuilder.Entity<Account>().HasData(Enumerable.Range(0, Accounts).Select(id => new Account { Id = id, Balance = Deposit }));
        modelBuilder.Entity<Entry>().ToTable("entries");
        modelBuilder.Entity<Violation>().ToTable("violations");
        modelBuilder.AddMessaging();
    }
}

internal sealed class Account
{
    public int Id { get; init; }

    public long Balance { get; init; }

    public int LastNumber { get; init; }
}

internal sealed class Entry
{
    public int Id { get; init; }

    public Guid TransferId { get; init; }

    public long Amount { get; init; }
}
