using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Shop.Inventory.Stock;

/// <summary>Sets up the gRPC service.</summary>
internal static class StockRegistration
{
    /// <summary>In bytes; the largest that makes sense, 500 ids, takes less than a third.</summary>
    private const int LargestRequest = 64 * 1024;

    public static IHostApplicationBuilder AddStock(this WebApplicationBuilder builder)
    {
        builder.Services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = LargestRequest;
            grpc.Interceptors.Add<DatabaseAway>();
        });
        builder.Services.AddScopes();
        builder.Services.AddScoped<Restocking>();
        builder.Services.AddScoped<StockReader>();
        builder.Services.AddScoped<StockOpening>();

        // Before the section is bound, which wins.
        builder.Services.Configure<StockSettings>(stock => stock.Seed = builder.Environment.IsDevelopment());
        builder.AddSettings<StockSettings>(StockSettings.Section);

        // Without TLS there is no agreeing on a protocol: gRPC's port speaks HTTP/2, that of the probes HTTP/1.1.
        var managementPort = builder.Configuration.GetValue<int?>("Management:Port");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint =>
            endpoint.Protocols = managementPort is { } port && endpoint.IPEndPoint?.Port == port ? HttpProtocols.Http1 : HttpProtocols.Http2));
        return builder;
    }
}
