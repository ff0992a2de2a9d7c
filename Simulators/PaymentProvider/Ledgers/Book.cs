using System.Security.Cryptography;
using System.Text;
using Shop.Simulators.PaymentProvider.Callbacks;
using Shop.Simulators.PaymentProvider.Charges;

namespace Shop.Simulators.PaymentProvider.Ledgers;

/// <summary>What the journal amounts to. Used by one at a time. It does not mind several charges of one reference: only idempotency keys keep them apart.</summary>
internal sealed class Book(TimeProvider time)
{
    private readonly Dictionary<string, Charge> _charges = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _references = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Fingerprint, object Answer)> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ChargeStatus> _pending = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ChargeEvent> _undelivered = new(StringComparer.Ordinal);
    private readonly List<Movement> _movements = [];
    private readonly List<Entry> _unwritten = [];
    private long _sequence;

    /// <summary>Charges that will settle.</summary>
    public IReadOnlyCollection<string> Pending => _pending.Keys;

    /// <summary>What callbacks have to tell.</summary>
    public IReadOnlyCollection<ChargeEvent> Undelivered => _undelivered.Values;

    /// <summary>What a callback has to tell.</summary>
    public ChargeEvent? FindEvent(string eventId) => _undelivered.GetValueOrDefault(eventId);

    public Outcome<Charge> Charge(ChargeDraft draft, string key)
    {
        var fingerprint = FingerprintOf("charge", draft.Reference!, $"{draft.Amount}", draft.Currency!, draft.Token!);
        if (_keys.TryGetValue(key, out var used))
        {
            // As it was answered then, also if it has settled since.
            return used.Fingerprint == fingerprint ? (Charge)used.Answer : Refusal.KeyOfAnother(key);
        }

        var (status, reason, settlesAs) = draft.Token switch
        {
            "tok_declined" => (ChargeStatus.Declined, "card_declined", default(ChargeStatus?)),
            "tok_insufficient" => (ChargeStatus.Declined, "insufficient_funds", null),
            "tok_pending" => (ChargeStatus.Pending, null, ChargeStatus.Succeeded),
            "tok_pending_declined" => (ChargeStatus.Pending, null, ChargeStatus.Declined),
            _ => (ChargeStatus.Succeeded, null, null),
        };
        var charge = new Charge(NewId("ch"), draft.Reference!, draft.Amount!.Value, draft.Currency!, status, reason, AmountRefunded: 0, time.GetUtcNow());
        Add(EntryKind.Charge, entry => entry with
        {
            Charge = charge,
            SettlesAs = settlesAs,
            Key = key,
            Fingerprint = fingerprint,
            EventId = status == ChargeStatus.Pending ? null : NewId("evt"),
        });
        return charge;
    }

    public Outcome<Refund> Refund(string chargeId, long amount, string key)
    {
        var fingerprint = FingerprintOf("refund", chargeId, $"{amount}");
        if (_keys.TryGetValue(key, out var used))
        {
            return used.Fingerprint == fingerprint ? (Refund)used.Answer : Refusal.KeyOfAnother(key);
        }

        if (Get(chargeId) is not { } charge)
        {
            return Refusal.NoSuchCharge(chargeId);
        }

        if (charge.Status != ChargeStatus.Succeeded)
        {
            return Refusal.NotCharged(chargeId);
        }

        if (amount > charge.Amount - charge.AmountRefunded)
        {
            return Refusal.TooMuch(chargeId, charge.Amount - charge.AmountRefunded);
        }

        var refund = new Refund(NewId("re"), chargeId, amount, ChargeStatus.Succeeded, time.GetUtcNow());
        Add(EntryKind.Refund, entry => entry with
        {
            Charge = charge with { AmountRefunded = charge.AmountRefunded + amount },
            Refund = refund,
            Key = key,
            Fingerprint = fingerprint,
            EventId = NewId("evt"),
        });
        return refund;
    }

    /// <summary>Ends the waiting of a pending charge.</summary>
    public bool Settle(string chargeId)
    {
        if (!_pending.TryGetValue(chargeId, out var status))
        {
            return false;
        }

        var charge = _charges[chargeId] with { Status = status, DeclineReason = status == ChargeStatus.Declined ? "card_declined" : null };
        Add(EntryKind.Settlement, entry => entry with { Charge = charge, EventId = NewId("evt") });
        return true;
    }

    public bool Delivered(string eventId)
    {
        var known = _undelivered.ContainsKey(eventId);
        if (known)
        {
            Add(EntryKind.CallbackDelivered, entry => entry with { EventId = eventId });
        }

        return known;
    }

    public Charge? Get(string chargeId) => _charges.GetValueOrDefault(chargeId);

    public IReadOnlyList<Charge> Find(string reference) =>
        _references.TryGetValue(reference, out var ids) ? [.. ids.Take(100).Select(id => _charges[id])] : [];

    public MovementPage Page(long after, int limit)
    {
        var from = _movements.BinarySearch(null!, Comparer<Movement?>.Create((movement, _) => movement!.Sequence <= after ? -1 : 1));
        var page = _movements.Skip(~from).Take(limit + 1).ToList();
        return page.Count > limit ? new MovementPage(page[..limit], page[limit - 1].Sequence) : new MovementPage(page, Next: null);
    }

    /// <summary>Takes an entry over, new or from the journal.</summary>
    public void Apply(Entry entry)
    {
        _sequence = entry.Sequence;
        if (entry.Kind == EntryKind.CallbackDelivered)
        {
            _undelivered.Remove(entry.EventId!);
            return;
        }

        var charge = entry.Charge!;
        if (!_charges.ContainsKey(charge.Id))
        {
            Of(charge.Reference).Add(charge.Id);
        }

        _charges[charge.Id] = charge;
        if (entry.Key is { } key)
        {
            _keys[key] = (entry.Fingerprint!, entry.Refund ?? (object)charge);
        }

        if (entry.SettlesAs is { } status)
        {
            _pending[charge.Id] = status;
        }
        else
        {
            _pending.Remove(charge.Id);
        }

        if (entry.EventId is { } eventId)
        {
            _undelivered[eventId] = new ChargeEvent(eventId, TypeOf(entry), entry.At, charge);
        }

        var amount = entry.Refund is { } refund ? -refund.Amount : charge.Status == ChargeStatus.Succeeded ? charge.Amount : 0;
        _movements.Add(new Movement(entry.Sequence, entry.At, entry.Kind, charge.Id, charge.Reference, charge.Status, amount, charge.Currency));
    }

    /// <summary>What has to be in the journal before anybody is told of it.</summary>
    public IReadOnlyList<Entry> TakeUnwritten()
    {
        Entry[] taken = [.. _unwritten];
        _unwritten.Clear();
        return taken;
    }

    private static string TypeOf(Entry entry) => entry.Kind == EntryKind.Refund ? "charge.refunded"
        : entry.Charge!.Status == ChargeStatus.Succeeded ? "charge.succeeded" : "charge.declined";

    private static string NewId(string kind) => $"{kind}_{Guid.CreateVersion7():N}";

    private static string FingerprintOf(params string[] parts) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))));

    private List<string> Of(string reference) =>
        _references.TryGetValue(reference, out var ids) ? ids : _references[reference] = [];

    private void Add(EntryKind kind, Func<Entry, Entry> fill)
    {
        var entry = fill(new Entry { Sequence = _sequence + 1, At = time.GetUtcNow(), Kind = kind });
        Apply(entry);
        _unwritten.Add(entry);
    }
}
