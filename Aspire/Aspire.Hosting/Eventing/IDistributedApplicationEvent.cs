namespace Aspire.Hosting.Eventing;

/// <summary>Something that happens to the application.</summary>
public interface IDistributedApplicationEvent
{
}
