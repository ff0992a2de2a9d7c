namespace Aspire.Hosting.ApplicationModel;

/// <summary>Settings of <see cref="ResourceNotificationService"/>.</summary>
public sealed class ResourceNotificationServiceOptions
{
    /// <summary>What happens to a resource that waits for one that fails.</summary>
    public WaitBehavior DefaultWaitBehavior { get; set; }
}
