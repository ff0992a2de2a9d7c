using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;

namespace Trellis.ServiceDefaults.Authentication;

/// <summary>The routes of the service and what each asks of its callers.</summary>
internal sealed class ServiceEndpoints
{
    private IEndpointRouteBuilder? _routes;

    /// <summary>Whether at least one endpoint asks for a token.</summary>
    public bool AskForTokens => All.Any(endpoint => IsGuarded(endpoint) && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null);

    /// <summary>The endpoints that neither ask for anything nor are open on purpose; nobody may call them.</summary>
    public IEnumerable<RouteEndpoint> WithoutPolicy =>
        All.Where(endpoint => !IsGuarded(endpoint) && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null);

    private IEnumerable<RouteEndpoint> All => _routes?.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>() ?? [];

    public void Are(IEndpointRouteBuilder routes) => _routes = routes;

    private static bool IsGuarded(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null || endpoint.Metadata.GetMetadata<AuthorizationPolicy>() is not null;
}
