using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Shop.Ordering.EventStore;

/// <summary>A place in the order of all events: the transaction, and the place within it.</summary>
internal sealed record EventPosition(ulong TransactionId, long Position)
{
    public static EventPosition Beginning { get; } = new(0, 0);

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out EventPosition? position)
    {
        position = null;
        if (text.Split('-') is not [var transaction, var place]
            || !ulong.TryParse(transaction, NumberStyles.None, CultureInfo.InvariantCulture, out var transactionId)
            || !long.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        position = new EventPosition(transactionId, number);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{TransactionId}-{Position}");
}
