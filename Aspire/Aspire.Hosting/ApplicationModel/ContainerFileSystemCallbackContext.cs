namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a callback that puts files into a container may use.</summary>
public sealed class ContainerFileSystemCallbackContext
{
    /// <summary>The application's services.</summary>
    public required IServiceProvider Services { get; init; }

    /// <summary>The container.</summary>
    public required IResource Model { get; init; }
}
