namespace Aspire.Hosting.ApplicationModel;

/// <summary>The project leaves <c>X-Forwarded-*</c> headers alone when deployed.</summary>
public sealed class DisableForwardedHeadersAnnotation : IResourceAnnotation
{
}
