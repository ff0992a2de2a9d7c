using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Dcp;

/// <summary>What runs the resources of a model; nothing outside of this folder knows how.</summary>
internal interface IResourceEngine
{
    /// <summary>Whether the engine has ended without having been stopped.</summary>
    bool HasEndedByItself { get; }

    /// <summary>Starts everything; ends when every resource has been handed over, not when all are up.</summary>
    /// <exception cref="DistributedApplicationException">The engine itself cannot run; the message says what is missing.</exception>
    Task StartAsync(DistributedApplicationModel model, CancellationToken cancellationToken);

    /// <summary>Ends everything that was started; nothing runs when this ends.</summary>
    Task StopAsync(CancellationToken cancellationToken);

    /// <summary>Starts one instance that has ended or was stopped; ends one that runs first, so that it is a restart then.</summary>
    /// <param name="resourceId">The instance's id; the resource's name stands for its first instance.</param>
    /// <exception cref="DistributedApplicationException">The engine runs no such instance.</exception>
    Task StartResourceAsync(string resourceId, CancellationToken cancellationToken);

    /// <summary>Stops one instance; ends when its process has ended.</summary>
    /// <inheritdoc cref="StartResourceAsync" path="/param" />
    /// <inheritdoc cref="StartResourceAsync" path="/exception" />
    Task StopResourceAsync(string resourceId, CancellationToken cancellationToken);
}
