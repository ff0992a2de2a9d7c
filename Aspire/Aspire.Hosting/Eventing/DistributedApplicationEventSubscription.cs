namespace Aspire.Hosting.Eventing;

/// <summary>One subscriber of an event.</summary>
/// <param name="callback">What is called.</param>
public class DistributedApplicationEventSubscription(Func<IDistributedApplicationEvent, CancellationToken, Task> callback)
{
    /// <summary>What is called.</summary>
    public Func<IDistributedApplicationEvent, CancellationToken, Task> Callback { get; } = callback;
}
