namespace Trellis.ServiceDefaults.Correlation;

/// <summary>Sends the correlation id along.</summary>
internal sealed class CorrelatedCalls : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Mark(request);
        return base.SendAsync(request, cancellationToken);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Mark(request);
        return base.Send(request, cancellationToken);
    }

    private static void Mark(HttpRequestMessage request)
    {
        if (CorrelationId.Current is { } id && !request.Headers.Contains(CorrelationId.Header))
        {
            request.Headers.TryAddWithoutValidation(CorrelationId.Header, id);
        }
    }
}
