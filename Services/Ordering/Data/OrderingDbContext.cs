using Microsoft.EntityFrameworkCore;
using Shop.Ordering.EventStore;
using Shop.Ordering.Reading;

namespace Shop.Ordering.Data;

/// <summary>The database of orders: events, which are the truth, and a row for each order, to be read.</summary>
public sealed class OrderingDbContext(DbContextOptions<OrderingDbContext> options) : DbContext(options)
{
    public DbSet<StoredEvent> Events => Set<StoredEvent>();

    public DbSet<OrderRow> Orders => Set<OrderRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<StoredEvent>(stored =>
        {
            stored.ToTable("events");
            stored.HasKey(row => new { row.StreamId, row.Version });
            stored.Property(row => row.StreamId).HasColumnName("stream_id");
            stored.Property(row => row.Version).HasColumnName("version").ValueGeneratedNever();
            stored.Property(row => row.Position).HasColumnName("position").UseIdentityAlwaysColumn();
            stored.Property(row => row.TransactionId).HasColumnName("transaction_id").HasColumnType("xid8").HasDefaultValueSql("pg_current_xact_id()");
            stored.Property(row => row.Type).HasColumnName("type").HasMaxLength(100);
            stored.Property(row => row.Data).HasColumnName("data").HasColumnType("jsonb");
            stored.Property(row => row.RecordedAt).HasColumnName("recorded_at");
            stored.Property(row => row.CausationId).HasColumnName("causation_id").HasMaxLength(200);
            stored.Property(row => row.CorrelationId).HasColumnName("correlation_id").HasMaxLength(200);
            stored.Property(row => row.TraceParent).HasColumnName("trace_parent").HasMaxLength(100);
            stored.HasIndex(row => new { row.TransactionId, row.Position }).IsUnique();
        });
        modelBuilder.Entity<OrderRow>(order =>
        {
            order.ToTable("orders");
            order.HasKey(row => row.Id);
            order.Property(row => row.Id).HasColumnName("id").ValueGeneratedNever();
            order.Property(row => row.Customer).HasColumnName("customer").HasMaxLength(200);
            order.Property(row => row.Version).HasColumnName("version");
            order.Property(row => row.Status).HasColumnName("status").HasConversion<string>().HasMaxLength(20);
            order.Property(row => row.PlacedAt).HasColumnName("placed_at");
            order.Property(row => row.Document).HasColumnName("document").HasColumnType("jsonb");

            // Rewritten at every step, in none of its indexes: there should be room for that on its page.
            order.HasStorageParameter("fillfactor", 60);
            order.HasIndex(row => new { row.Customer, row.PlacedAt, row.Id }).IsDescending(false, true, true);
        });
        modelBuilder.AddMessaging();
    }
}
