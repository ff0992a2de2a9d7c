namespace Trellis.Messaging;

/// <summary>Places at which tests kill the process; nothing happens there in a service.</summary>
internal interface IFaultPoints
{
    void Reached(string point);
}

internal static class FaultPoint
{
    public const string RelayBetweenPublishAndCommit = "relay-published";
    public const string ConsumerBetweenHandlerAndCommit = "consumer-handled";
    public const string ConsumerBetweenCommitAndAcknowledgement = "consumer-committed";
}

internal sealed class NoFaultPoints : IFaultPoints
{
    public void Reached(string point)
    {
    }
}
