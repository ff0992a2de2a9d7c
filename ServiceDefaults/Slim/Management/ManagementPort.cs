using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Trellis.ServiceDefaults.Management;

/// <summary>
/// Serves the management paths on a port of their own, and nothing else there. The port is told apart by the socket the request came
/// in on: a Host header can claim any port.
/// </summary>
internal sealed class ManagementPort(IOptions<ManagementSettings> settings) : IStartupFilter
{
    private const string KestrelsDefaultAddress = "http://localhost:5000";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        if (settings.Value.Port is not { } port)
        {
            next(app);
            return;
        }

        Listen(app.ServerFeatures.Get<IServerAddressesFeature>(), port);
        app.Use(async (context, proceed) =>
        {
            if (ManagementPaths.Contains(context.Request.Path) == (context.Connection.LocalPort == port))
            {
                await proceed(context);
            }
            else
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
            }
        });
        next(app);
    };

    // The host has put the configured addresses (ASPNETCORE_URLS, HTTP_PORTS) here, the server has not read them yet.
    private static void Listen(IServerAddressesFeature? server, int port)
    {
        if (server is null || server.Addresses.IsReadOnly)
        {
            return;
        }

        if (server.Addresses.Count == 0)
        {
            server.Addresses.Add(KestrelsDefaultAddress);
        }

        // As reachable as the service itself: loopback stays loopback.
        server.Addresses.Add($"http://{BindingAddress.Parse(server.Addresses.First()).Host}:{port}");
    }
}
