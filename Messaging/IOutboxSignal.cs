namespace Trellis.Messaging;

/// <summary>Tells the relay of commits that Entity Framework Core does not see.</summary>
public interface IOutboxSignal
{
    /// <summary>
    /// Says that a transaction with messages in it was committed by somebody else than the DbContext that published them (one it was given with
    /// <c>UseTransaction</c>). Without it the messages go out all the same, up to <see cref="MessagingOptions.PollInterval"/> later. To say it without need does no harm.
    /// </summary>
    void Committed();
}
