namespace Trellis.Messaging.Inbox;

/// <summary>What became of a message that was tried.</summary>
internal enum Settlement
{
    /// <summary>It took effect and is to be acknowledged.</summary>
    Completed,

    /// <summary>It was set aside; the next of its key may go on.</summary>
    Settled,

    /// <summary>It comes again, or belongs to another consumer: what follows in its key has to go back.</summary>
    Lost,

    /// <summary>It was interrupted and is to go back at once, with what follows.</summary>
    Returned,

    /// <summary>It could not be tried; it is to go back for a while, with what follows.</summary>
    DatabaseAway,
}
