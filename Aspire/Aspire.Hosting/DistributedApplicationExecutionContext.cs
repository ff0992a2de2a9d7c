namespace Aspire.Hosting;

/// <summary>What the application is doing, for callbacks.</summary>
public class DistributedApplicationExecutionContext
{
    /// <summary>Creates the context.</summary>
    public DistributedApplicationExecutionContext(DistributedApplicationOperation operation)
        : this(operation, "manifest")
    {
    }

    /// <summary>Creates the context.</summary>
    public DistributedApplicationExecutionContext(DistributedApplicationOperation operation, string publisherName)
    {
        Operation = operation;
        PublisherName = publisherName;
    }

    /// <summary>Running or publishing.</summary>
    public DistributedApplicationOperation Operation { get; }

    /// <summary>What publishes.</summary>
    public string PublisherName { get; set; }

    /// <summary>Whether the application runs.</summary>
    public bool IsRunMode => Operation == DistributedApplicationOperation.Run;

    /// <summary>Whether the application is published.</summary>
    public bool IsPublishMode => Operation == DistributedApplicationOperation.Publish;

    /// <summary>The application's services.</summary>
    /// <exception cref="InvalidOperationException">The application has not been built yet.</exception>
    public IServiceProvider Services
    {
        get => BuiltServices ?? throw new InvalidOperationException("IServiceProvider is not available because the application has not been built yet.");
        internal set => BuiltServices = value;
    }

    /// <summary>The application's services, or null as long as it has not been built.</summary>
    internal IServiceProvider? BuiltServices { get; private set; }
}
