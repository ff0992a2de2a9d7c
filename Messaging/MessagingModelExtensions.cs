using Trellis.Messaging.Inbox;
using Trellis.Messaging.Outbox;

namespace Microsoft.EntityFrameworkCore;

/// <summary>Adds the tables of messaging to a service's model, so that they come with its migrations.</summary>
public static class MessagingModelExtensions
{
    /// <summary>Maps <c>outbox_messages</c>, <c>inbox_messages</c> and the sequence <c>outbox_position</c>. To be called in <c>OnModelCreating</c>.</summary>
    /// <param name="modelBuilder">The model under construction.</param>
    /// <returns>The same builder.</returns>
    public static ModelBuilder AddMessaging(this ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.HasSequence<long>(OutboxOrder.Sequence);
        modelBuilder.Entity<OutboxMessage>(row =>
        {
            row.ToTable("outbox_messages");
            row.HasKey(message => message.Id);
            row.Property(message => message.Id).HasColumnName("id").ValueGeneratedNever();

            // Fails where the setting is missing, that is where somebody writes rows without the locks that keep the order.
            row.Property(message => message.Position).HasColumnName("position").ValueGeneratedOnAdd().HasDefaultValueSql($"current_setting('{OutboxOrder.Setting}')::bigint");
            row.Property(message => message.Ordinal).HasColumnName("ordinal");
            row.Property(message => message.Partition).HasColumnName("partition");
            row.Property(message => message.Type).HasColumnName("type").HasMaxLength(200);
            row.Property(message => message.PartitionKey).HasColumnName("partition_key").HasMaxLength(200);
            row.Property(message => message.DeliverAt).HasColumnName("deliver_at");
            row.Property(message => message.OccurredAt).HasColumnName("occurred_at");
            row.Property(message => message.Headers).HasColumnName("headers").HasColumnType("jsonb");
            row.Property(message => message.Body).HasColumnName("body");
            row.Property(message => message.Attempts).HasColumnName("attempts");
            row.Property(message => message.ParkedAt).HasColumnName("parked_at");
            row.Property(message => message.ParkedReason).HasColumnName("parked_reason");
            row.HasIndex(message => new { message.Position, message.Ordinal }).HasFilter("parked_at IS NULL AND deliver_at IS NULL");
            row.HasIndex(message => message.DeliverAt).HasFilter("parked_at IS NULL AND deliver_at IS NOT NULL");

            // Every row is deleted within moments: do not wait until a fifth of the table is dead.
            row.HasStorageParameter("autovacuum_vacuum_scale_factor", 0.0);
            row.HasStorageParameter("autovacuum_vacuum_threshold", 5000);
        });
        modelBuilder.Entity<InboxMessage>(row =>
        {
            row.ToTable("inbox_messages");
            row.HasKey(message => new { message.MessageId, message.Group });
            row.Property(message => message.MessageId).HasColumnName("message_id");
            row.Property(message => message.Group).HasColumnName("consumer_group").HasMaxLength(200);
            row.Property(message => message.HandledAt).HasColumnName("handled_at").HasDefaultValueSql("now()");
            row.HasIndex(message => message.HandledAt);
        });
        return modelBuilder;
    }
}
