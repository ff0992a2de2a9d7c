namespace Aspire.Hosting.ApplicationModel;

/// <summary>A URL that the dashboard shows.</summary>
public sealed class ResourceUrlAnnotation : IResourceAnnotation
{
    /// <summary>The URL; relative to the endpoint's while there is an endpoint.</summary>
    public required string Url { get; set; }

    /// <summary>The text of the link; null for the URL itself.</summary>
    public string? DisplayText { get; set; }

    /// <summary>The endpoint that it belongs to; null for none.</summary>
    public EndpointReference? Endpoint { get; init; }

    /// <summary>Where it is shown.</summary>
    public UrlDisplayLocation DisplayLocation { get; set; }
}
