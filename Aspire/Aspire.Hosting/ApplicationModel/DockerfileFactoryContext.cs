namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a callback that writes a Dockerfile may use.</summary>
public sealed class DockerfileFactoryContext
{
    /// <summary>The application's services.</summary>
    public required IServiceProvider Services { get; init; }

    /// <summary>The resource that the Dockerfile is for.</summary>
    public required IResource Resource { get; init; }

    /// <summary>Ends the callback.</summary>
    public CancellationToken CancellationToken { get; init; }
}
