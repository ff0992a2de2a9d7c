using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Dcp;

/// <summary>What runs the resources of a model; nothing outside of this folder knows how.</summary>
internal interface IResourceEngine
{
    /// <summary>Starts everything; ends when every resource has been handed over, not when all are up.</summary>
    Task StartAsync(DistributedApplicationModel model, CancellationToken cancellationToken);

    /// <summary>Ends everything that was started; nothing runs when this ends.</summary>
    Task StopAsync(CancellationToken cancellationToken);
}
