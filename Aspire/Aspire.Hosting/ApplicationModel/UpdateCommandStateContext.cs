namespace Aspire.Hosting.ApplicationModel;

/// <summary>From what a command's state follows.</summary>
public sealed class UpdateCommandStateContext
{
    /// <summary>The resource's state.</summary>
    public required CustomResourceSnapshot ResourceSnapshot { get; init; }

    /// <summary>The application's services.</summary>
    public required IServiceProvider Services { get; init; }
}
