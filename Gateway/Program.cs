using Trellis.Gateway;
using Trellis.Gateway.Forwarding;
using Trellis.Gateway.Routing;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddSettings<GatewaySettings>(GatewaySettings.Section);
builder.Services.AddReverseProxy()
    .RouteToReferencedServices()
    .ForwardSafely();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapReverseProxy();
app.Run();

/// <summary>The gateway, so that tests can start it.</summary>
public partial class Program;
