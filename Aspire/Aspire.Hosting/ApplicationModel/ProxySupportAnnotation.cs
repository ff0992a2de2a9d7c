using System.Diagnostics;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Whether proxies may stand between clients and a resource's endpoints.</summary>
[DebuggerDisplay("Type = {GetType().Name,nq}, ProxyEnabled = {ProxyEnabled}")]
public sealed class ProxySupportAnnotation : IResourceAnnotation
{
    /// <summary>False takes the proxies away; true leaves it to each endpoint.</summary>
    public required bool ProxyEnabled { get; set; }
}
