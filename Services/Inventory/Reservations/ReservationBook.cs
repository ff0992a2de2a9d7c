using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Shop.Inventory.Contract;
using Shop.Inventory.Data;
using Shop.Inventory.Stock;
using Trellis.Messaging;

namespace Shop.Inventory.Reservations;

/// <summary>
/// Reserves, releases and commits, once for each order. Works in the caller's transaction, and locks in one order: first the reservation, then its products by
/// their ids. Whatever is asked for, the answer is what has become of the reservation.
/// </summary>
internal sealed class ReservationBook(
    InventoryDbContext database, IMessagePublisher publisher, IOptions<ReservationSettings> settings, TimeProvider time)
{
    private const int MostLines = 500;

    public async Task ReserveAsync(ReserveStock command, CancellationToken cancellationToken)
    {
        var lines = Read(command);
        if (await FindAsync(command.OrderId, cancellationToken) is { } known)
        {
            await AnswerAsync(known, cancellationToken);
            return;
        }

        var reservation = Begin(command.OrderId, lines, ReservationState.Rejected);
        var stock = await LockStockAsync([reservation], cancellationToken);
        if (IsEnough(reservation, stock))
        {
            reservation.State = ReservationState.Held;
            reservation.EndsAt = In(settings.Value.HoldFor);
            lines.ForEach(line => stock[line.ProductId].Reserve(line.Quantity));
            await publisher.PublishStockAsync(stock.Values, cancellationToken);
        }

        await AnswerAsync(reservation, cancellationToken);
    }

    public async Task ReleaseAsync(Guid orderId, CancellationToken cancellationToken)
    {
        // An order that is released before it reserves has come late, and must not find anything to hold.
        var reservation = await FindAsync(orderId, cancellationToken) ?? Begin(orderId, [], ReservationState.Released);
        if (reservation.State == ReservationState.Held)
        {
            var stock = await LockStockAsync([reservation], cancellationToken);
            Release(reservation, stock);
            await publisher.PublishStockAsync(stock.Values, cancellationToken);
        }
        else if (reservation.State == ReservationState.Rejected)
        {
            End(reservation, ReservationState.Released);
        }

        await AnswerAsync(reservation, cancellationToken);
    }

    public async Task CommitAsync(Guid orderId, CancellationToken cancellationToken)
    {
        var reservation = await FindAsync(orderId, cancellationToken)
            ?? throw new InvalidOperationException($"Nothing was ever reserved for order {orderId}, so nothing can be committed.");
        if (reservation.State == ReservationState.Held)
        {
            var stock = await LockStockAsync([reservation], cancellationToken);
            reservation.Lines.ForEach(line => stock[line.ProductId].ShipReserved(line.Quantity));
            End(reservation, ReservationState.Committed);
        }
        else if (reservation is { State: ReservationState.Released, Expired: true })
        {
            var stock = await LockStockAsync([reservation], cancellationToken);
            if (IsEnough(reservation, stock))
            {
                reservation.Lines.ForEach(line => stock[line.ProductId].Ship(line.Quantity));
                await publisher.PublishStockAsync(stock.Values, cancellationToken);
                End(reservation, ReservationState.Committed);
            }
            else
            {
                End(reservation, ReservationState.Rejected);
            }
        }

        await AnswerAsync(reservation, cancellationToken);
    }

    /// <summary>Releases reservations whose time is over, as many as one transaction should; skips those that somebody else is at.</summary>
    /// <returns>How many.</returns>
    public async Task<int> ExpireAsync(CancellationToken cancellationToken)
    {
        var reservations = await database.Reservations.FromSql(
            $"""
             SELECT * FROM reservations WHERE state = {(short)ReservationState.Held} AND ends_at <= {time.GetUtcNow()}
             ORDER BY ends_at LIMIT {settings.Value.SweepBatch} FOR UPDATE SKIP LOCKED
             """).ToListAsync(cancellationToken);
        var stock = await LockStockAsync(reservations, cancellationToken);
        foreach (var reservation in reservations)
        {
            Release(reservation, stock);
            reservation.Expired = true;
            await AnswerAsync(reservation, cancellationToken);
        }

        await publisher.PublishStockAsync(stock.Values, cancellationToken);
        return reservations.Count;
    }

    /// <summary>Forgets what came to its end long ago.</summary>
    public Task ForgetAsync(CancellationToken cancellationToken) =>
        database.Reservations
            .Where(reservation => reservation.State != ReservationState.Held && reservation.EndsAt <= time.GetUtcNow())
            .ExecuteDeleteAsync(cancellationToken);

    private static List<ReservedLine> Read(ReserveStock command)
    {
        if (command.OrderId == Guid.Empty || command.Lines is not { Count: > 0 and <= MostLines } lines
            || lines.Any(line => line is not { Quantity: > 0 }) || lines.Sum(line => (long)line.Quantity) > int.MaxValue)
        {
            throw new ArgumentException($"Order {command.OrderId} asks for no, for too many or for a negative number of pieces.", nameof(command));
        }

        return [.. lines.GroupBy(line => line.ProductId).Select(product => new ReservedLine
        {
            ProductId = product.Key,
            Quantity = product.Sum(line => line.Quantity),
        })];
    }

    private static bool IsEnough(Reservation reservation, Dictionary<Guid, StockItem> stock)
    {
        foreach (var line in reservation.Lines)
        {
            var available = stock.GetValueOrDefault(line.ProductId)?.Available ?? 0;
            line.Found = available < line.Quantity ? available : null;
        }

        return reservation.Lines.TrueForAll(line => line.Found is null);
    }

    private Task<Reservation?> FindAsync(Guid orderId, CancellationToken cancellationToken) =>
        database.Reservations.FromSql($"SELECT * FROM reservations WHERE order_id = {orderId} FOR UPDATE")
            .AsAsyncEnumerable().SingleOrDefaultAsync(cancellationToken).AsTask();

    private Task<Dictionary<Guid, StockItem>> LockStockAsync(IEnumerable<Reservation> reservations, CancellationToken cancellationToken) =>
        database.LockStockAsync(
            [.. reservations.SelectMany(reservation => reservation.Lines).Select(line => line.ProductId).Distinct()], cancellationToken);

    private Reservation Begin(Guid orderId, List<ReservedLine> lines, ReservationState state)
    {
        var reservation = new Reservation { OrderId = orderId, Lines = lines, State = state, EndsAt = default };
        End(reservation, state);
        database.Reservations.Add(reservation);
        return reservation;
    }

    private void Release(Reservation reservation, Dictionary<Guid, StockItem> stock)
    {
        reservation.Lines.ForEach(line => stock[line.ProductId].Release(line.Quantity));
        End(reservation, ReservationState.Released);
    }

    private void End(Reservation reservation, ReservationState state) =>
        (reservation.State, reservation.EndsAt) = (state, In(settings.Value.RememberFor));

    // To the millisecond: the database keeps less than a clock says, and an answer that is given again must be the same.
    private DateTimeOffset In(TimeSpan duration) => DateTimeOffset.FromUnixTimeMilliseconds((time.GetUtcNow() + duration).ToUnixTimeMilliseconds());

    private Task AnswerAsync(Reservation reservation, CancellationToken cancellationToken)
    {
        var orderId = reservation.OrderId;
        var key = new PublishOptions { PartitionKey = orderId.ToString(), CorrelationId = orderId.ToString() };
        return reservation.State switch
        {
            ReservationState.Held => publisher.PublishAsync(new StockReserved(orderId, reservation.EndsAt), key, cancellationToken),
            ReservationState.Released => publisher.PublishAsync(new StockReleased(orderId, reservation.Expired), key, cancellationToken),
            ReservationState.Committed => publisher.PublishAsync(new StockCommitted(orderId), key, cancellationToken),
            _ => publisher.PublishAsync(new StockRejected(orderId, ShortagesOf(reservation)), key, cancellationToken),
        };
    }

    private static List<StockShortage> ShortagesOf(Reservation reservation) =>
    [
        .. reservation.Lines
            .Where(line => line.Found is not null)
            .Select(line => new StockShortage(line.ProductId, line.Quantity, line.Found ?? 0)),
    ];
}
