using Microsoft.EntityFrameworkCore;
using Shop.Payments.Callbacks;
using Shop.Payments.Charging;

namespace Shop.Payments.Data;

/// <summary>The payments' database.</summary>
public sealed class PaymentsDbContext(DbContextOptions<PaymentsDbContext> options) : DbContext(options)
{
    public DbSet<Payment> Payments => Set<Payment>();

    public DbSet<ReceivedCallback> Callbacks => Set<ReceivedCallback>();

    /// <summary>The payment of an order, locked until the transaction ends.</summary>
    public Task<Payment?> LockPaymentAsync(Guid orderId, CancellationToken cancellationToken) =>
        Payments.FromSql($"SELECT * FROM payments WHERE order_id = {orderId} FOR UPDATE")
            .AsAsyncEnumerable().SingleOrDefaultAsync(cancellationToken).AsTask();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Payment>(payment =>
        {
            // What the code promises, the database insists on.
            payment.ToTable("payments", table => table.HasCheckConstraint("never_refunded_more_than_captured", "refunded >= 0 AND refunded <= captured"));
            payment.HasKey(row => row.OrderId);
            payment.Property(row => row.OrderId).HasColumnName("order_id").ValueGeneratedNever();
            payment.Property(row => row.State).HasColumnName("state").HasConversion<short>();
            payment.Property(row => row.Amount).HasColumnName("amount");
            payment.Property(row => row.Currency).HasColumnName("currency").HasMaxLength(3);
            payment.Property(row => row.Token).HasColumnName("token").HasMaxLength(Payment.LongestToken);
            payment.Property(row => row.ChargeId).HasColumnName("charge_id").HasMaxLength(Payment.LongestText);
            payment.Property(row => row.Captured).HasColumnName("captured");
            payment.Property(row => row.Refunded).HasColumnName("refunded");
            payment.Property(row => row.RefundRequested).HasColumnName("refund_requested");
            payment.Property(row => row.DeclineReason).HasColumnName("decline_reason").HasMaxLength(Payment.LongestText);
            payment.Property(row => row.RefundReason).HasColumnName("refund_reason").HasMaxLength(Payment.LongestText);
            payment.Property(row => row.RequestedAt).HasColumnName("requested_at");
            payment.Property(row => row.DueAt).HasColumnName("due_at");
            payment.Property(row => row.Attempts).HasColumnName("attempts");
            payment.Property(row => row.CausedBy).HasColumnName("caused_by");
            payment.Property(row => row.TraceParent).HasColumnName("trace_parent").HasMaxLength(Payment.LongestText);
            payment.HasIndex(row => row.DueAt).HasFilter("due_at IS NOT NULL");
        });
        modelBuilder.Entity<ReceivedCallback>(callback =>
        {
            callback.ToTable("received_callbacks");
            callback.HasKey(row => row.EventId);
            callback.Property(row => row.EventId).HasColumnName("event_id").HasMaxLength(ReceivedCallback.LongestId);
            callback.Property(row => row.ReceivedAt).HasColumnName("received_at");
            callback.HasIndex(row => row.ReceivedAt);
        });
        modelBuilder.AddMessaging();
    }
}
