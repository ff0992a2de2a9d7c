namespace Aspire.Hosting;

/// <summary>What the application is doing.</summary>
public enum DistributedApplicationOperation
{
    /// <summary>It runs on this machine.</summary>
    Run = 0,

    /// <summary>It is described for another.</summary>
    Publish = 1,
}
