namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource that liveness and readiness probes can ask.</summary>
public interface IResourceWithProbes : IResource
{
}
