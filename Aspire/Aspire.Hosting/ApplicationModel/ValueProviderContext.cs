namespace Aspire.Hosting.ApplicationModel;

/// <summary>Who asks for a value.</summary>
public class ValueProviderContext
{
    /// <summary>What the application is doing: running or being published.</summary>
    public DistributedApplicationExecutionContext? ExecutionContext { get; init; }

    /// <summary>The resource that the value is for.</summary>
    public IResource? Caller { get; init; }

    /// <summary>The network that the caller is on.</summary>
    public NetworkIdentifier? Network { get; init; }
}
