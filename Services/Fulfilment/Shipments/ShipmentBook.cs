using System.Diagnostics;
using Microsoft.Extensions.Options;
using Shop.Fulfilment.Carrier;
using Shop.Fulfilment.Contract;
using Shop.Fulfilment.Data;
using Trellis.Messaging;

namespace Shop.Fulfilment.Shipments;

/// <summary>
/// Keeps what has become of each order's shipment. Works in the caller's transaction, never asks the carrier, and locks the order's row before it decides:
/// commands and the carrier's answers come in any order and more than once.
/// </summary>
internal sealed class ShipmentBook(
    FulfilmentDbContext database, IMessagePublisher publisher, ShipmentMetrics metrics, IOptions<CarrierSettings> settings, TimeProvider time)
{
    private const int MostLines = 500;
    private const int LongestPart = 200;

    public async Task ShipAsync(ShipOrder command, Guid messageId, CancellationToken cancellationToken)
    {
        if (await FindAsync(command.OrderId, cancellationToken) is { } known)
        {
            await AnswerAsync(known, messageId, cancellationToken);
            return;
        }

        var shipment = Begin(command.OrderId, messageId);
        if (WhatIsWrong(command) is { } reason)
        {
            shipment.Fail(reason, time.GetUtcNow());
            metrics.Settled(shipment, time.GetUtcNow());
            await AnswerAsync(shipment, messageId, cancellationToken);
            return;
        }

        // It is this process's at once, which saves the transaction that would take it.
        shipment.HandOver(new Parcel(command.Lines, command.Address), time.GetUtcNow() + settings.Value.Lease);
    }

    public async Task CancelAsync(Guid orderId, Guid messageId, CancellationToken cancellationToken)
    {
        // An order that is cancelled before it is shipped has come late, and must not leave any more.
        var shipment = await FindAsync(orderId, cancellationToken) ?? Begin(orderId, messageId);
        if (shipment.State != ShipmentState.Shipped && !shipment.CancelRequested)
        {
            shipment.RequestCancel(time.GetUtcNow(), time.GetUtcNow() + settings.Value.Lease);
            (shipment.CausedBy, shipment.TraceParent) = (messageId, Activity.Current?.Id);
            if (shipment.IsSettled)
            {
                metrics.Settled(shipment, time.GetUtcNow());
            }
        }

        await AnswerAsync(shipment, messageId, cancellationToken);
    }

    /// <summary>Takes over what the carrier says to the question that was asked in a state, unless the state is another one by now.</summary>
    /// <returns>Whether it was news.</returns>
    public async Task<bool> RecordAsync(Guid orderId, ShipmentState asked, CarrierAnswer answer, CancellationToken cancellationToken)
    {
        // What a question of before says does not count while it is being withdrawn: the carrier may have answered it just before or just after.
        if (await database.LockShipmentAsync(orderId, cancellationToken) is not { } shipment || shipment.State != asked || !Apply(shipment, answer))
        {
            return false;
        }

        metrics.Settled(shipment, time.GetUtcNow());
        await AnswerAsync(shipment, shipment.CausedBy, cancellationToken);
        return true;
    }

    private bool Apply(Shipment shipment, CarrierAnswer answer)
    {
        switch (answer.Outcome)
        {
            case CarrierOutcome.Shipped:
                shipment.Ship(answer.TrackingNumber!, answer.At ?? time.GetUtcNow());
                return true;
            case CarrierOutcome.Refused when shipment.State == ShipmentState.HandingOver:
                shipment.Fail(answer.Reason!, time.GetUtcNow());
                return true;
            case CarrierOutcome.Withdrawn when shipment.State == ShipmentState.Withdrawing:
                shipment.Withdrawn(time.GetUtcNow());
                return true;
            default:
                return false;
        }
    }

    private Task<Shipment?> FindAsync(Guid orderId, CancellationToken cancellationToken) => orderId == Guid.Empty
        ? throw new ArgumentException("The order has no id.", nameof(orderId))
        : database.LockShipmentAsync(orderId, cancellationToken);

    private Shipment Begin(Guid orderId, Guid messageId)
    {
        var shipment = new Shipment { OrderId = orderId, RequestedAt = time.GetUtcNow(), CausedBy = messageId, TraceParent = Activity.Current?.Id };
        database.Shipments.Add(shipment);
        return shipment;
    }

    // The address is the customer's: one that is none is no reason to leave the order without an answer.
    private static string? WhatIsWrong(ShipOrder command)
    {
        if (command.Lines is not { Count: > 0 and <= MostLines } lines || lines.Any(line => line is not { Quantity: > 0 }))
        {
            return "There is nothing to ship, or too much.";
        }

        return command.Address is { } address && Are(address.Name, address.Street, address.PostalCode, address.City)
            && address.Country is { Length: 2 } country && country.All(char.IsAsciiLetterUpper)
                ? null
                : "The address is not complete.";
    }

    private static bool Are(params ReadOnlySpan<string?> parts)
    {
        foreach (var part in parts)
        {
            if (string.IsNullOrWhiteSpace(part) || part.Length > LongestPart)
            {
                return false;
            }
        }

        return true;
    }

    private Task AnswerAsync(Shipment shipment, Guid? causedBy, CancellationToken cancellationToken)
    {
        var orderId = shipment.OrderId;
        var options = new PublishOptions { PartitionKey = orderId.ToString(), CorrelationId = orderId.ToString(), CausationId = causedBy?.ToString() };
        return shipment.State switch
        {
            ShipmentState.Shipped => publisher.PublishAsync(
                new OrderShipped(orderId, shipment.TrackingNumber!, shipment.EndedAt!.Value), options, cancellationToken),
            ShipmentState.Failed => publisher.PublishAsync(new ShipmentFailed(orderId, shipment.Reason!), options, cancellationToken),
            ShipmentState.Cancelled => publisher.PublishAsync(new ShipmentCancelled(orderId), options, cancellationToken),
            _ => Task.CompletedTask,
        };
    }
}
