using System.Data.Common;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Trellis.Messaging.Registration;
using Trellis.Messaging.Transport;

namespace Trellis.Messaging.Inbox;

/// <summary>Lets a message take effect once: inbox row, handlers' changes and their own messages in one transaction.</summary>
internal sealed class InboxTransaction<TContext>(IServiceScopeFactory scopes, MessageRegistry registry, MessagingIdentity identity, IFaultPoints faults)
    where TContext : DbContext
{
    private string? _insert;

    /// <summary>Handles a message.</summary>
    /// <returns>False when it had taken effect before.</returns>
    /// <exception cref="UnhandlableMessageException">Another try would not help.</exception>
    public async Task<bool> HandleAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        var handled = registry.FindHandled(delivery.Message.Type)
            ?? throw new UnhandlableMessageException($"This version of the service has no handler for '{delivery.Message.Type}'", inner: null);
        var message = Read(delivery.Message, handled.Type);
        var context = ContextOf(delivery);

        // The context's own strategy would call the handler a second time in the same scope, with what the first call left in it.
        // The transport brings the message again, which is the retry.
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<MessageScope>().Current = context;
        var database = scope.ServiceProvider.GetRequiredService<TContext>();
        return await new OneAttempt(database).ExecuteAsync(
            database,
            (_, _, token) => RunAsync(scope.ServiceProvider, database, handled, message, context, token),
            verifySucceeded: null,
            cancellationToken);
    }

    /// <summary>Whether a failure is the database's: then it says nothing about the message, and is no attempt.</summary>
    public async Task<bool> IsDatabaseAwayAsync(Exception failure, CancellationToken cancellationToken)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            // A connection that broke, or that the server ended. A statement that took too long may be the message's fault.
            if (cause is PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow }
                || (cause is NpgsqlException and not PostgresException && cause.InnerException is IOException or SocketException))
            {
                return true;
            }
        }

        return !await DatabaseAnswersAsync(cancellationToken);
    }

    private async Task<bool> DatabaseAnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<TContext>().Database.CanConnectAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is DbException or TimeoutException or InvalidOperationException)
        {
            return false;
        }
    }

    private async Task<bool> RunAsync(
        IServiceProvider services,
        TContext database,
        MessageRegistry.HandledMessage handled,
        object message,
        MessageContext context,
        CancellationToken cancellationToken)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);

        // First, so that a duplicate at the same time waits here until this one has committed or failed.
        if (!await InsertAsync(database, (NpgsqlTransaction)transaction.GetDbTransaction(), context.Id, cancellationToken))
        {
            return false;
        }

        foreach (var handler in handled.Handlers)
        {
            await handler(services, message, context, cancellationToken);
        }

        // Nobody goes on after a failure here: the two round trips for a savepoint would be for nothing.
        database.Database.AutoSavepointsEnabled = false;
        await database.SaveChangesAsync(cancellationToken);
        faults.Reached(FaultPoint.ConsumerBetweenHandlerAndCommit);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    // Past EF Core: the same statement for every message, and what it would add is a tenth of a message's cost.
    private async Task<bool> InsertAsync(TContext database, NpgsqlTransaction transaction, Guid messageId, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(_insert ??= InsertSql(database), transaction.Connection, transaction)
        {
            Parameters = { new NpgsqlParameter<Guid> { TypedValue = messageId }, new NpgsqlParameter<string> { TypedValue = identity.Group } },
        };
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    private static string InsertSql(TContext database) =>
        $"INSERT INTO {database.TableOf<InboxMessage>("inbox")} (message_id, consumer_group) VALUES ($1, $2) ON CONFLICT DO NOTHING";

    private static object Read(TransportMessage message, Type type)
    {
        try
        {
            return JsonSerializer.Deserialize(message.Body, type, MessageFormat.Options)
                ?? throw new UnhandlableMessageException($"A message of type '{message.Type}' is null", inner: null);
        }
        catch (Exception failure) when (failure is JsonException or NotSupportedException)
        {
            throw new UnhandlableMessageException($"A message of type '{message.Type}' cannot be read: {failure.Message}", failure);
        }
    }

    private static MessageContext ContextOf(Delivery delivery)
    {
        var headers = delivery.Message.Headers;
        return new MessageContext
        {
            Id = delivery.Message.Id,
            Type = delivery.Message.Type,
            Attempts = delivery.Attempts,
            Headers = headers,
            OccurredAt = DateTimeOffset.TryParse(headers.GetValueOrDefault("time"), CultureInfo.InvariantCulture, out var time) ? time : default,
            PartitionKey = delivery.Message.PartitionKey,
            CorrelationId = headers.GetValueOrDefault("correlationid"),
            CausationId = headers.GetValueOrDefault("causationid"),
        };
    }

    /// <summary>An execution strategy that tries once, and lets transactions begin inside.</summary>
    private sealed class OneAttempt(DbContext context) : ExecutionStrategy(context, maxRetryCount: 0, TimeSpan.Zero)
    {
        protected override bool ShouldRetryOn(Exception exception) => false;
    }
}
