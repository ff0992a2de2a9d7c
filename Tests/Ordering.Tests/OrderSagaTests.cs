using CsCheck;
using Shop.Fulfilment.Contract;
using Shop.Inventory.Contract;
using Shop.Ordering.Contract;
using Shop.Ordering.EventStore;
using Shop.Ordering.Orders;
using Shop.Ordering.Saga;
using Shop.Payments.Contract;
using Money = Shop.Ordering.Contract.Money;

namespace Shop.Ordering.Tests;

/// <summary>
/// The saga against services that keep their word and are otherwise as bad as can be: answers come in any order, twice, late or not before the deadline; payments are declined, shipments
/// refused, reservations run out and customers cancel at any moment. A failure names the smallest list of choices found and its seed.
/// </summary>
public sealed class OrderSagaTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void However_things_go_an_order_ends_and_money_and_pieces_are_where_they_belong() =>
        Gen.Int[0, 1_000_000].Array[0, 60].Sample(
            choices => new World(choices).Run(),
            time: Environment.GetEnvironmentVariable("TRELLIS_LONG_TESTS") == "1" ? 60 : 5,
            threads: 2,
            print: choices => string.Join(", ", choices));

    [Fact]
    public void Every_way_to_the_end_is_taken()
    {
        var ends = new HashSet<string>(StringComparer.Ordinal);
        Gen.Int[0, 1_000_000].Array[0, 60].Sample(
            choices =>
            {
                var end = new World(choices).Run();
                lock (ends)
                {
                    ends.Add(end);
                }
            },
            iter: 30_000,
            threads: 2);

        Assert.Superset(
            new HashSet<string>(StringComparer.Ordinal)
            {
                "Submitted StockReserved Paid Shipped Completed",
                "Submitted Rejected",
                "Submitted Cancelling Cancelled",
                "Submitted StockReserved PaymentDeclined Cancelled",
                "Submitted StockReserved Cancelling Cancelled",
                "Submitted StockReserved Paid Cancelling Cancelled",
                "Submitted StockReserved Paid Cancelling Shipped Completed",
                "Submitted StockReserved Paid Shipped Cancelling Cancelled",
                "Submitted StockReserved Paid Cancelling Shipped Cancelling Cancelled",
            },
            ends);
    }

    [Fact]
    public void Whatever_comes_in_whatever_status_nothing_but_a_known_fact_follows()
    {
        var id = Guid.NewGuid();
        object[] messages =
        [
            new StockReserved(id, default), new StockRejected(id, []), new StockReleased(id, true), new StockReleased(id, false), new StockCommitted(id),
            new PaymentCaptured(id, "p", new(1, "EUR")), new PaymentDeclined(id, "d"), new PaymentRefunded(id, new(1, "EUR")),
            new OrderShipped(id, "t", default), new ShipmentFailed(id, "f"), new ShipmentCancelled(id), new CancelOrder("c"), new OrderDeadline(id, default),
        ];
        foreach (var status in Enum.GetValues<OrderStatus>())
        {
            foreach (var (flags, message) in Enumerable.Range(0, 8).SelectMany(flags => messages.Select(message => (flags, message))))
            {
                var order = new OrderState { Id = id, Version = 1, Status = status, MayHoldStock = (flags & 1) > 0, MayBeCharged = (flags & 2) > 0, MayShip = (flags & 4) > 0 };
                var decision = OrderSaga.Decide(order, message, new SagaClock(default, Hour, Hour, Hour));
                var after = decision.Facts.Aggregate(order, (state, fact) => state.After(fact, default));

                // What is final stays as it is, and every fact can be stored and read.
                Assert.False(order.IsFinal && decision.Facts.Count > 0, $"{status} after {message}");
                Assert.All(decision.Facts, fact => Assert.Equivalent(fact, Stored(fact)));
                Assert.Equal(order.Version + decision.Facts.Count, after.Version);
            }
        }
    }

    [Fact]
    public void Every_fact_has_a_name_under_which_it_is_stored() => Assert.Equivalent(
        typeof(OrderFact).Assembly.GetTypes().Where(type => type.BaseType == typeof(OrderFact)), EventTypes.All, strict: true);

    [Fact]
    public void An_order_that_goes_well_asks_for_one_look_at_its_deadline()
    {
        var (id, clock) = (Guid.NewGuid(), new SagaClock(DateTimeOffset.UnixEpoch, TimeSpan.FromMinutes(2), Hour, Hour));
        var begin = OrderSaga.Begin(id, Placed(clock), clock);
        var order = begin.Facts.Aggregate(new OrderState { Id = id }, (state, fact) => state.After(fact, clock.Now));
        var looks = begin.Messages.OfType<OrderDeadline>().ToList();
        foreach (var message in new object[] { new StockReserved(id, default), new PaymentCaptured(id, "p", new(1, "EUR")), new OrderShipped(id, "t", default), new StockCommitted(id) })
        {
            var decision = OrderSaga.Decide(order, message, clock);
            order = decision.Facts.Aggregate(order, (state, fact) => state.After(fact, clock.Now));
            looks.AddRange(decision.Messages.OfType<OrderDeadline>());
        }

        Assert.Equal(OrderStatus.Completed, order.Status);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddMinutes(2), Assert.Single(looks).At);
    }

    [Fact]
    public void A_later_step_that_has_less_time_is_looked_at_in_its_own_time()
    {
        var (id, clock) = (Guid.NewGuid(), new SagaClock(DateTimeOffset.UnixEpoch, Hour, TimeSpan.FromMinutes(1), Hour));
        var order = OrderSaga.Begin(id, Placed(clock), clock).Facts.Aggregate(new OrderState { Id = id }, (state, fact) => state.After(fact, clock.Now));

        var reserved = OrderSaga.Decide(order, new StockReserved(id, default), clock);

        Assert.Equal(DateTimeOffset.UnixEpoch.AddMinutes(1), Assert.Single(reserved.Messages.OfType<OrderDeadline>()).At);
    }

    private static OrderFact Stored(OrderFact fact)
    {
        var (type, data) = EventTypes.Write(fact);
        return EventTypes.Read(type, data);
    }

    private static OrderPlaced Placed(SagaClock clock) => new(
        "ada", [new OrderedLine(Guid.NewGuid(), "Lamp", 1, new Money(100, "EUR"))], new Money(100, "EUR"), new Address("A", "S", "P", "C", "GB"), "tok", clock.Now + clock.Stock);

    /// <summary>An order and the services around it, as far as they concern it. Every choice is the next number of a list; when the list is over, the rest goes its way.</summary>
    private sealed class World
    {
        private readonly Queue<int> _choices;
        private readonly List<object> _underWay = [];
        private readonly Guid _id = Guid.NewGuid();
        private OrderState _order;
        private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

        private string _stock = "none";
        private bool _expired;
        private bool _boughtByOthers;
        private long _charged;
        private string _payment = "none";
        private string _shipment = "none";
        private int _ends;

        public World(int[] choices)
        {
            _choices = new Queue<int>(choices);
            _order = new OrderState { Id = _id };
            Take(OrderSaga.Begin(_id, Placed(Clock), Clock));
        }

        private SagaClock Clock => new(_now, TimeSpan.FromMinutes(1 + (_ends % 3)), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(3));

        /// <summary>Goes on until nothing is under way, and says which way it was.</summary>
        public string Run()
        {
            for (var steps = 0; _underWay.Count > 0; steps++)
            {
                Assert.True(steps < 2_000, $"It never ends: {Told()}");
                Step();
            }

            Assert.True(_order.IsFinal, $"It does not end: {Told()}");
            Assert.Equal(1, _ends);
            if (_order.Status == OrderStatus.Completed)
            {
                Assert.Equal((100L, "committed", "left"), (_charged, _stock, _shipment));
            }
            else
            {
                Assert.True(_charged == 0 && _stock is not ("held" or "committed"), $"Charged {_charged}, stock {_stock}: {Told()}");

                // What has left without being booked out has left because others had bought the pieces.
                Assert.True(_shipment != "left" || _boughtByOthers, $"Shipment {_shipment}, stock {_stock}: {Told()}");
            }

            return string.Join(' ', _order.Timeline.Select(change => change.Status));
        }

        private int Choose(int many) => _choices.TryDequeue(out var choice) ? choice % many : 0;

        private void Step()
        {
            _now += TimeSpan.FromSeconds(Choose(40));
            switch (Choose(20))
            {
                case 1:
                    Take(OrderSaga.Decide(_order, new CancelOrder("The customer has cancelled."), Clock));
                    return;
                case 2 when _stock == "held":
                    (_stock, _expired) = ("released", true);
                    _underWay.Add(new StockReleased(_id, Expired: true));
                    return;
            }

            // Deadlines come when it is time, and when nothing else is left.
            var ready = _underWay.Where(message => message is not OrderDeadline deadline || deadline.At <= _now).ToList();
            if (ready.Count == 0)
            {
                _now = _underWay.Cast<OrderDeadline>().Min(deadline => deadline.At);
                return;
            }

            var next = ready[Choose(ready.Count)];
            if (Choose(6) != 1)
            {
                _underWay.Remove(next);
            }

            if (Answer(next) is { } answer)
            {
                _underWay.Add(answer);
            }
            else if (next is not (OrderSubmitted or OrderCompleted or OrderCancelled or OrderRejected or ReserveStock or CapturePayment or ShipOrder))
            {
                Take(OrderSaga.Decide(_order, next, Clock));
            }
        }

        private void Take(Decision decision)
        {
            _order = decision.Facts.Aggregate(_order, (state, fact) => state.After(fact, _now));
            _underWay.AddRange(decision.Messages);
            _ends += decision.Messages.Count(message => message is OrderCompleted or OrderCancelled or OrderRejected);
        }

        // What each service does with a command, and what it answers: as its contract says, whenever and however often the command comes.
        private object? Answer(object command) => command switch
        {
            ReserveStock => Stock(() => _stock == "none" ? Choose(5) == 1 ? "rejected" : "held" : _stock),
            ReleaseStock => Stock(() => _stock == "committed" ? "committed" : "released"),
            CommitStock => Stock(Commit),
            CapturePayment when _payment == "none" => Capture(),
            CapturePayment when _payment == "captured" => new PaymentCaptured(_id, "p", new(100, "EUR")),
            RefundPayment => Refund(),
            ShipOrder when _shipment == "none" => Ship(),
            CancelShipment => Recall(),
            _ => null,
        };

        private string Commit()
        {
            if (_stock == "released" && _expired)
            {
                _boughtByOthers = Choose(2) == 1;
                return _boughtByOthers ? "rejected" : "committed";
            }

            return _stock == "held" ? "committed" : _stock;
        }

        private object Stock(Func<string> becomes) => (_stock = becomes()) switch
        {
            "held" => new StockReserved(_id, default),
            "rejected" => new StockRejected(_id, []),
            "committed" => new StockCommitted(_id),
            _ => new StockReleased(_id, _expired),
        };

        private object Capture()
        {
            if (Choose(5) == 1)
            {
                _payment = "declined";
                return new PaymentDeclined(_id, "No.");
            }

            (_payment, _charged) = ("captured", 100);
            return new PaymentCaptured(_id, "p", new(100, "EUR"));
        }

        private PaymentRefunded Refund()
        {
            (_payment, _charged) = ("refunded", 0);
            return new PaymentRefunded(_id, new(100, "EUR"));
        }

        private object Ship()
        {
            if (Choose(5) == 1)
            {
                _shipment = "failed";
                return new ShipmentFailed(_id, "No.");
            }

            _shipment = "left";
            return new OrderShipped(_id, "t", default);
        }

        private object Recall()
        {
            if (_shipment == "left")
            {
                return new OrderShipped(_id, "t", default);
            }

            _shipment = "cancelled";
            return new ShipmentCancelled(_id);
        }

        private string Told() => string.Join(' ', _order.Timeline.Select(change => change.Status)) + "; under way: " + string.Join(' ', _underWay);
    }
}
