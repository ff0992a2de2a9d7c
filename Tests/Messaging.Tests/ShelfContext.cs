using Microsoft.EntityFrameworkCore;

namespace Trellis.Messaging.Tests;

/// <summary>The database of a service under test.</summary>
public sealed class ShelfContext(DbContextOptions<ShelfContext> options) : DbContext(options)
{
    public DbSet<Item> Items => Set<Item>();

    public DbSet<Counter> Counters => Set<Counter>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Item>().ToTable("items");
        modelBuilder.Entity<Counter>().ToTable("a_counters").HasKey(counter => counter.Key);
        modelBuilder.AddMessaging();
    }
}

/// <summary>Something that a handler or an endpoint writes.</summary>
public sealed class Item
{
    public int Id { get; init; }

    public required string Name { get; init; }
}

/// <summary>A number within a key.</summary>
public sealed class Counter
{
    public required string Key { get; init; }

    public int Value { get; set; }
}
