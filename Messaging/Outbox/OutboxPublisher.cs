using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Trellis.Messaging.Inbox;
using Trellis.Messaging.Registration;
using Trellis.Messaging.Telemetry;

namespace Trellis.Messaging.Outbox;

/// <summary>Adds rows of the outbox to the change tracker of the scope's context.</summary>
internal sealed class OutboxPublisher<TContext>(
    TContext database, MessageRegistry registry, MessageScope scope, MessagingIdentity identity, IOptions<MessagingOptions> options, TimeProvider time)
    : IMessagePublisher
    where TContext : DbContext
{
    private const int LongestText = 200;

    private int _ordinal;

    public Task PublishAsync<TMessage>(TMessage message, PublishOptions? options = null, CancellationToken cancellationToken = default)
        where TMessage : class
    {
        ArgumentNullException.ThrowIfNull(message);
        cancellationToken.ThrowIfCancellationRequested();
        Add(message, options ?? new PublishOptions());
        return Task.CompletedTask;
    }

    private void Add<TMessage>(TMessage message, PublishOptions choices)
        where TMessage : class
    {
        var type = registry.PublishedName(typeof(TMessage));
        CheckText(choices.PartitionKey, nameof(PublishOptions.PartitionKey));
        CheckText(choices.CorrelationId, nameof(PublishOptions.CorrelationId));
        CheckText(choices.CausationId, nameof(PublishOptions.CausationId));
        var body = JsonSerializer.SerializeToUtf8Bytes(message, MessageFormat.Options);
        if (body.Length > options.Value.MaxMessageBytes)
        {
            throw new MessageTooLargeException(type, body.Length, options.Value.MaxMessageBytes);
        }

        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        using var span = MessagingTelemetry.Start("create", "create", ActivityKind.Producer, type, id, Activity.Current?.Context ?? default);
        span?.SetTag("messaging.message.body.size", body.Length);
        span?.SetTag("messaging.message.conversation_id", choices.CorrelationId ?? scope.Current?.CorrelationId);

        // A single INSERT would go without a transaction, and so without its place in the order.
        database.Database.AutoTransactionBehavior = AutoTransactionBehavior.Always;
        database.Add(new OutboxMessage
        {
            Id = id,
            Ordinal = _ordinal++,
            Partition = (short)((uint)OutboxOrder.LockOf(choices.PartitionKey ?? id.ToString()) % OutboxMessage.Partitions),
            Type = type,
            PartitionKey = choices.PartitionKey,
            DeliverAt = choices.DeliverAt?.ToUniversalTime(),
            OccurredAt = now,
            Headers = JsonSerializer.Serialize(Attributes(id, type, now, choices, Activity.Current)),
            Body = body,
        });
    }

    private Dictionary<string, string> Attributes(Guid id, string type, DateTimeOffset now, PublishOptions choices, Activity? trace)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["specversion"] = "1.0",
            ["id"] = id.ToString(),
            ["source"] = identity.Source,
            ["type"] = type,
            ["time"] = now.ToString("O", CultureInfo.InvariantCulture),
            ["datacontenttype"] = "application/json",
        };
        Add("partitionkey", choices.PartitionKey);
        Add("correlationid", choices.CorrelationId ?? scope.Current?.CorrelationId);
        Add("causationid", choices.CausationId ?? scope.Current?.Id.ToString());
        if (trace is { IdFormat: ActivityIdFormat.W3C })
        {
            Add("traceparent", trace.Id);
            Add("tracestate", trace.TraceStateString);
        }

        return attributes;

        void Add(string name, string? value)
        {
            if (value is { Length: > 0 })
            {
                attributes[name] = value;
            }
        }
    }

    private static void CheckText(string? value, string name)
    {
        if (value is { Length: 0 or > LongestText } || value?.Contains('\0', StringComparison.Ordinal) == true)
        {
            throw new ArgumentException($"{name} must have 1 to {LongestText} characters, none of them NUL.", name);
        }
    }
}
