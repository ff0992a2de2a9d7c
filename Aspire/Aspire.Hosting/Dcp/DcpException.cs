using System.Net;

namespace Aspire.Hosting.Dcp;

/// <summary>DCP could not be started, or it refused a request.</summary>
internal sealed class DcpException(string message, Exception? innerException = null, HttpStatusCode? statusCode = null)
    : DistributedApplicationException(message, innerException!)
{
    /// <summary>The status code of the refusal; null when there was no answer.</summary>
    public HttpStatusCode? StatusCode { get; } = statusCode;
}
