using Aspire.Hosting;

namespace Trellis.Hosting.Testing;

/// <summary>
/// A resource that a test waited for did not become healthy. The message holds its state, exit code, health checks and last lines of log, and the
/// same of the resources that it waits for and that are not healthy either.
/// </summary>
public sealed class ResourceNotHealthyException : DistributedApplicationException
{
    /// <summary>Creates the exception.</summary>
    public ResourceNotHealthyException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened.</param>
    public ResourceNotHealthyException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="inner">Why.</param>
    public ResourceNotHealthyException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
