namespace Trellis.Messaging.Tests.Bank;

/// <summary>The teller wants money moved. Numbers count the transfers from one account.</summary>
internal sealed record TransferOrdered(Guid TransferId, int From, int To, long Amount, int Number)
{
    public const string MessageType = "shop.bank.transfer-ordered.v1";
}

/// <summary>The ledger has moved it.</summary>
internal sealed record TransferBooked(Guid TransferId, int From, int Number)
{
    public const string MessageType = "shop.bank.transfer-booked.v1";
}
