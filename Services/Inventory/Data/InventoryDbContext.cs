using Microsoft.EntityFrameworkCore;
using Shop.Inventory.Reservations;
using Shop.Inventory.Stock;

namespace Shop.Inventory.Data;

/// <summary>The inventory's database.</summary>
public sealed class InventoryDbContext(DbContextOptions<InventoryDbContext> options) : DbContext(options)
{
    public DbSet<StockItem> Stock => Set<StockItem>();

    public DbSet<Reservation> Reservations => Set<Reservation>();

    public DbSet<Restock> Restocks => Set<Restock>();

    /// <summary>
    /// The stock of the products, locked until the transaction ends. In the order of their ids, so that of two orders for the same products one waits and
    /// none gets into a deadlock.
    /// </summary>
    public Task<Dictionary<Guid, StockItem>> LockStockAsync(Guid[] productIds, CancellationToken cancellationToken) =>
        Stock.FromSql($"SELECT * FROM stock WHERE product_id = ANY ({productIds}) ORDER BY product_id FOR UPDATE")
            .ToDictionaryAsync(item => item.ProductId, cancellationToken);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<StockItem>(item =>
        {
            // What the code promises, the database insists on.
            item.ToTable("stock", table => table.HasCheckConstraint("never_oversold", "reserved >= 0 AND reserved <= on_hand AND shipped >= 0"));
            item.HasKey(row => row.ProductId);
            item.Property(row => row.ProductId).HasColumnName("product_id").ValueGeneratedNever();
            item.Property(row => row.OnHand).HasColumnName("on_hand");
            item.Property(row => row.Reserved).HasColumnName("reserved");
            item.Property(row => row.Shipped).HasColumnName("shipped");
            item.Property(row => row.Version).HasColumnName("version");
            item.Ignore(row => row.Available);
        });
        modelBuilder.Entity<Reservation>(reservation =>
        {
            reservation.ToTable("reservations");
            reservation.HasKey(row => row.OrderId);
            reservation.Property(row => row.OrderId).HasColumnName("order_id").ValueGeneratedNever();
            reservation.Property(row => row.State).HasColumnName("state").HasConversion<short>();
            reservation.Property(row => row.EndsAt).HasColumnName("ends_at");
            reservation.Property(row => row.Expired).HasColumnName("expired");
            reservation.OwnsMany(row => row.Lines, line => line.ToJson("lines"));
            reservation.HasIndex(row => new { row.State, row.EndsAt });
        });
        modelBuilder.Entity<Restock>(restock =>
        {
            restock.ToTable("restocks");
            restock.HasKey(row => row.Id);
            restock.Property(row => row.Id).HasColumnName("id").ValueGeneratedNever();
            restock.Property(row => row.ProductId).HasColumnName("product_id");
            restock.Property(row => row.Quantity).HasColumnName("quantity");
            restock.Property(row => row.RestockedAt).HasColumnName("restocked_at");
        });
        modelBuilder.AddMessaging();
    }
}
