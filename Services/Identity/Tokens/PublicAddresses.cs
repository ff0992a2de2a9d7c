using Microsoft.AspNetCore;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Shop.Identity.Tokens;

/// <summary>
/// Names in discovery the addresses that the caller can reach: to one who came through a proxy the public ones, which the issuer tells, to one in the same
/// network those it called. The proxy's headers only decide which; nothing that they say is believed.
/// </summary>
internal sealed class PublicAddresses : IOpenIddictServerHandler<ProcessRequestContext>
{
    private const string ForwardedHost = "X-Forwarded-Host";

    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessRequestContext>()
        .UseSingletonHandler<PublicAddresses>()
        .SetOrder(OpenIddictServerAspNetCoreHandlers.ResolveRequestUri.Descriptor.Order + 1)
        .Build();

    public ValueTask HandleAsync(ProcessRequestContext context)
    {
        if (context.Transaction.GetHttpRequest() is { } request && request.Headers.ContainsKey(ForwardedHost)
            && context is { Options.Issuer: { } issuer, RequestUri: { } called })
        {
            context.BaseUri = new Uri(issuer.GetLeftPart(UriPartial.Authority) + "/");
            context.RequestUri = new Uri(context.BaseUri, called.PathAndQuery);
        }

        return ValueTask.CompletedTask;
    }
}
