using Trellis.Gateway.Forwarding;
using Trellis.Gateway.Routing;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.Services.AddReverseProxy()
    .RouteToReferencedServices()
    .ForwardSafely();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapReverseProxy();
app.Run();

/// <summary>The gateway, so that tests can start it.</summary>
public partial class Program;
