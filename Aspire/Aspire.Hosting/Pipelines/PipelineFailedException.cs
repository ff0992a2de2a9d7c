namespace Aspire.Hosting.Pipelines;

/// <summary>Steps have failed, and each has said so itself.</summary>
internal sealed class PipelineFailedException(string message, Exception innerException) : DistributedApplicationException(message, innerException);
