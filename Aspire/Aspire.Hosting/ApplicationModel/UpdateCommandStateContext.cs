namespace Aspire.Hosting.ApplicationModel;

/// <summary>From what a command's state follows.</summary>
public sealed class UpdateCommandStateContext
{
    /// <summary>The resource's state.</summary>
    public required CustomResourceSnapshot ResourceSnapshot { get; init; }

    /// <summary>The application's services; always set when Aspire calls.</summary>
    public IServiceProvider ServiceProvider { get; init; } = null!;
}
