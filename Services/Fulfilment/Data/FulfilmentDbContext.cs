using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Shop.Fulfilment.Sales;
using Shop.Fulfilment.Shipments;

namespace Shop.Fulfilment.Data;

/// <summary>Fulfilment's database. The jobs are in it too, in a schema of their own that Hangfire keeps.</summary>
public sealed class FulfilmentDbContext(DbContextOptions<FulfilmentDbContext> options) : DbContext(options)
{
    public DbSet<Shipment> Shipments => Set<Shipment>();

    public DbSet<Sale> Sales => Set<Sale>();

    /// <summary>The shipment of an order, locked until the transaction ends.</summary>
    public Task<Shipment?> LockShipmentAsync(Guid orderId, CancellationToken cancellationToken) =>
        Shipments.FromSql($"SELECT * FROM shipments WHERE order_id = {orderId} FOR UPDATE")
            .AsAsyncEnumerable().SingleOrDefaultAsync(cancellationToken).AsTask();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Shipment>(shipment =>
        {
            shipment.ToTable("shipments");
            shipment.HasKey(row => row.OrderId);
            shipment.Property(row => row.OrderId).HasColumnName("order_id").ValueGeneratedNever();
            shipment.Property(row => row.State).HasColumnName("state").HasConversion<short>();
            AsJson(shipment.Property(row => row.Parcel)).HasColumnName("parcel");
            shipment.Property(row => row.RequestedAt).HasColumnName("requested_at");
            shipment.Property(row => row.DueAt).HasColumnName("due_at");
            shipment.Property(row => row.Attempts).HasColumnName("attempts");
            shipment.Property(row => row.CancelRequested).HasColumnName("cancel_requested");
            shipment.Property(row => row.TrackingNumber).HasColumnName("tracking_number").HasMaxLength(Shipment.LongestText);
            shipment.Property(row => row.Reason).HasColumnName("reason").HasMaxLength(Shipment.LongestText);
            shipment.Property(row => row.EndedAt).HasColumnName("ended_at");
            shipment.Property(row => row.CausedBy).HasColumnName("caused_by");
            shipment.Property(row => row.TraceParent).HasColumnName("trace_parent").HasMaxLength(Shipment.LongestText);
            shipment.Ignore(row => row.IsTaken);
            shipment.HasIndex(row => row.DueAt).HasFilter("due_at IS NOT NULL");
            shipment.HasIndex(row => row.EndedAt);
        });
        modelBuilder.Entity<Sale>(sale =>
        {
            sale.ToTable("sales");
            sale.HasKey(row => row.OrderId);
            sale.Property(row => row.OrderId).HasColumnName("order_id").ValueGeneratedNever();
            AsJson(sale.Property(row => row.Lines)).HasColumnName("lines");
            sale.Property(row => row.CompletedAt).HasColumnName("completed_at");
            sale.HasIndex(row => row.CompletedAt);
        });
        modelBuilder.AddMessaging();
    }

    // Written once and never changed in place.
    private static PropertyBuilder<T> AsJson<T>(PropertyBuilder<T> property) => property.HasColumnType("jsonb").HasConversion(
        value => JsonSerializer.Serialize(value, JsonSerializerOptions.Web),
        text => JsonSerializer.Deserialize<T>(text, JsonSerializerOptions.Web)!,
        new ValueComparer<T>((one, other) => ReferenceEquals(one, other), value => value!.GetHashCode(), value => value));
}
