using Polly;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;
using Trellis.ServiceDefaults.Errors;

namespace Trellis.ServiceDefaults.Http;

/// <summary>Says in one exception, which is an <see cref="HttpRequestException"/> as for every other failure, that a destination cannot be called.</summary>
internal sealed class OutgoingCalls(string client) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (ExecutionRejectedException exception)
        {
            throw Explain(exception, request);
        }
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return base.Send(request, cancellationToken);
        }
        catch (ExecutionRejectedException exception)
        {
            throw Explain(exception, request);
        }
    }

    private DependencyUnavailableException Explain(ExecutionRejectedException exception, HttpRequestMessage request)
    {
        var destination = Destination.Of(client, request.RequestUri).Authority;
        return exception switch
        {
            BrokenCircuitException broken => new($"{destination} is left alone, because calls to it have failed.", broken.RetryAfter, broken),
            RateLimiterRejectedException rejected => new($"Too many calls to {destination} are under way.", rejected.RetryAfter, rejected),
            TimeoutRejectedException late => new($"{destination} did not answer within {late.Timeout}.", retryAfter: null, late),
            _ => new($"{destination} cannot be called: {exception.Message}", retryAfter: null, exception),
        };
    }
}
