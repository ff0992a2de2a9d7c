using Yarp.ReverseProxy.Forwarder;

namespace Trellis.Gateway.Forwarding;

/// <summary>Says which service could not be reached and why, without its address.</summary>
internal static class ForwardingProblem
{
    public static void Describe(ProblemDetailsContext context)
    {
        if (context.HttpContext.Features.Get<IForwarderErrorFeature>() is { } failure
            && context.HttpContext.Features.Get<Yarp.ReverseProxy.Model.IReverseProxyFeature>() is { } proxy)
        {
            context.ProblemDetails.Detail = Detail(proxy.Route.Config.ClusterId, failure.Error);
        }
    }

    private static string? Detail(string? service, ForwarderError error) => error switch
    {
        ForwarderError.NoAvailableDestinations => $"No instance of the service '{service}' is available.",
        ForwarderError.Request => $"The service '{service}' cannot be reached.",
        ForwarderError.RequestTimedOut or ForwarderError.UpgradeActivityTimeout => $"The service '{service}' did not answer in time.",
        ForwarderError.RequestBodyDestination => $"The service '{service}' stopped reading the request.",
        ForwarderError.ResponseHeaders => $"The service '{service}' gave an answer that cannot be forwarded.",
        _ => null,
    };
}
